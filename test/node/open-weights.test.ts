import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { openWeights } from '../../src/node/models/open-weights.js';
import { evaluate } from '../support/backends.js';
import { encodeSafetensors } from '../support/checkpoints.js';
import { messageOf } from '../support/messages.js';

const floats = (values: Float32Array): Buffer =>
  encodeSafetensors([{ name: 'w', shape: [values.length], values }]);
const contents = floats(Float32Array.from({ length: 100_000 }, (_, i) => i));

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-weights-'));
  path = join(folder, 'w.safetensors');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('openWeights', () => {
  test('the checkpoint, its numbers and the checksum of the file', async () => {
    await writeFile(path, contents);
    const { checkpoint, sha256, path: openedPath } = await openWeights(path);
    expect(await sha256()).toBe(createHash('sha256').update(contents).digest('hex'));
    expect(openedPath).toBe(path);
    const tensor = checkpoint.tensors.get('w')!;
    expect(tensor.shape).toEqual([100_000]);
    expect((await tensor.read())[99_999]).toBe(99_999);
  });

  test('the checksum of a file that is larger than what is kept in memory, and of one that was read in part', async () => {
    const large = floats(new Float32Array(2 ** 24 + 5).fill(0.5));
    for (const [bytes, isRead] of [
      [large, false],
      [large, true],
      [contents, true],
    ] as const) {
      await writeFile(path, bytes);
      const { checkpoint, sha256 } = await openWeights(path);
      if (isRead) await checkpoint.tensors.get('w')!.read();
      expect(await sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('a missing file, a folder, an empty and a damaged file', async () => {
    expect(await messageOf(openWeights(path))).toContain('there is no such file');
    expect(await messageOf(openWeights(folder))).toContain('it is a folder');
    await writeFile(path, '');
    expect(await messageOf(openWeights(path))).toContain('is empty');
    await writeFile(path, contents.subarray(0, 5000));
    expect(await messageOf(openWeights(path))).toContain('is cut short');
  });

  test('a file that is replaced after it was opened is not read as if it were the same', async () => {
    await writeFile(path, contents);
    const { checkpoint, sha256 } = await openWeights(path);
    await writeFile(join(folder, 'other'), floats(new Float32Array(100_000).fill(1)));
    await rename(join(folder, 'other'), path);
    expect(await messageOf(checkpoint.tensors.get('w')!.read())).toContain('was changed while it was read');
    expect(await messageOf(sha256())).toContain('was changed while it was read');
  });

  test('a large file that is changed between loading and compiling is refused', async () => {
    const large = floats(new Float32Array(2 ** 23 + 9).fill(0.5));
    await writeFile(path, large);
    const module = new (class extends v.Module {
      readonly w = new v.Parameter([2 ** 23 + 9]);
      protected forward = (x: v.Tensor): v.Tensor => x;
    })();
    const { checkpoint } = await openWeights(path);
    await v.loadCheckpoint(module, checkpoint);
    const backend = new v.ReferenceBackend();
    const sum = { y: v.sum(module.w) };
    expect([...(await evaluate(sum, backend)).y]).toEqual([(2 ** 23 + 9) / 2]);
    await writeFile(path, large.subarray(0, -4));
    expect(await messageOf(v.compile(sum, backend))).toContain('was changed while it was read');
    await rm(path);
    expect(await messageOf(v.compile(sum, backend))).toContain('there is no such file');
    expect(backend.memory()).toEqual({ buffers: 0, bytes: 0 });
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('leaves no file open, whether it was read or refused', async () => {
    await writeFile(path, contents);
    const before = await readdir('/proc/self/fd');
    const { checkpoint } = await openWeights(path);
    await checkpoint.tensors.get('w')!.read();
    await writeFile(path, contents.subarray(0, 5000));
    await messageOf(openWeights(path));
    await messageOf(checkpoint.tensors.get('w')!.read());
    expect(await readdir('/proc/self/fd')).toHaveLength(before.length);
  });

  describe('a checkpoint in several files', () => {
    const index = (weight_map: Record<string, string>): string =>
      JSON.stringify({ metadata: {}, weight_map });
    const part = (name: string, value: number): Buffer =>
      encodeSafetensors([{ name, shape: [1], values: Float32Array.of(value) }]);
    let indexPath: string;
    beforeEach(async () => {
      indexPath = join(folder, 'model.safetensors.index.json');
      await writeFile(join(folder, 'b.safetensors'), part('x', 1));
      await writeFile(join(folder, 'a.safetensors'), part('y', 2));
    });

    test('is read, and its checksum is of all files, the index first', async () => {
      await writeFile(indexPath, index({ x: 'b.safetensors', y: 'a.safetensors' }));
      const { checkpoint, sha256 } = await openWeights(indexPath);
      expect(await checkpoint.tensors.get('x')!.read()).toEqual(Float32Array.of(1));
      expect(await checkpoint.tensors.get('y')!.read()).toEqual(Float32Array.of(2));
      const hash = createHash('sha256').update(index({ x: 'b.safetensors', y: 'a.safetensors' }));
      expect(await sha256()).toBe(hash.update(part('y', 2)).update(part('x', 1)).digest('hex'));
    });

    test.each([
      '../b.safetensors',
      '/etc/passwd',
      'sub/b.safetensors',
      '..\\b.safetensors',
      'C:b',
      '..',
      '',
      'b\0',
    ])('names no file that lies elsewhere, as %j', async (file) => {
      await writeFile(indexPath, index({ x: file }));
      const message = await messageOf(openWeights(indexPath));
      expect(message).toContain(`names files that do not lie beside it: ${JSON.stringify(file)}`);
    });

    test('that is not complete, or no index at all, is refused with the name of what is wrong', async () => {
      await writeFile(indexPath, index({ x: 'c.safetensors' }));
      expect(await messageOf(openWeights(indexPath))).toMatch(/c\.safetensors": there is no such file/);
      await writeFile(indexPath, index({ z: 'b.safetensors' }));
      expect(await messageOf(openWeights(indexPath))).toContain('"z" is in "b.safetensors", where it is not');
      await writeFile(indexPath, '{"architecture": "vit"}');
      expect(await messageOf(openWeights(indexPath))).toContain('has no "weight_map"');
      await writeFile(indexPath, '{"weight_map": ');
      expect(await messageOf(openWeights(indexPath))).toContain('begins like JSON');
      // An index that names itself leads nowhere.
      await writeFile(indexPath, index({ x: 'model.safetensors.index.json' }));
      expect(await messageOf(openWeights(indexPath))).toContain('looks like JSON');
    });
  });
});

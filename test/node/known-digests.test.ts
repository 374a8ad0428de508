import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileSource } from '../../src/node/files/file-source.js';
import { digestOnce } from '../../src/node/models/known-digests.js';

const large = 2 ** 22;

describe('digests of checkpoints', () => {
  let folder: string;
  let weights: string;
  let digests: string;
  let hashed: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-digests-'));
    weights = join(folder, 'model.safetensors');
    digests = join(folder, 'cache', 'digests.json');
    hashed = 0;
    await writeSettled(weights, Buffer.alloc(large, 1));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** As a file is that nobody has written lately. When the system says that its times were changed is not ours to choose. */
  async function writeSettled(path: string, content: Buffer): Promise<void> {
    // Later than the clock of the file system stands still.
    await sleep(20);
    await writeFile(path, content);
    await utimes(path, 1e9, 1e9);
  }

  /** Once what is said of a file was not changed lately. */
  const later = 3000;

  function once(paths: readonly string[], digest = 'a'.repeat(64), wait = later): Promise<string> {
    const now = Date.now() + wait;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    const hash = (): Promise<string> => {
      hashed++;
      return Promise.resolve(digest);
    };
    return digestOnce(
      paths.map((path) => new FileSource(path)),
      hash,
      digests,
    ).finally(() => {
      clock.mockRestore();
    });
  }

  test('are made once', async () => {
    expect([await once([weights]), await once([weights], 'b'.repeat(64))]).toEqual([
      'a'.repeat(64),
      'a'.repeat(64),
    ]);
    expect(hashed).toBe(1);
  });

  test('are made again when the file was written, though it is as large and as old', async () => {
    await once([weights]);
    await writeSettled(weights, Buffer.alloc(large, 2));
    expect(await once([weights], 'b'.repeat(64))).toBe('b'.repeat(64));
  });

  test('are made again when a further file of the checkpoint was written', async () => {
    const further = join(folder, 'further.safetensors');
    await writeSettled(further, Buffer.alloc(3));
    await once([weights, further]);
    await once([weights, further]);
    expect(hashed).toBe(1);
    await writeSettled(further, Buffer.alloc(3, 1));
    await once([weights, further]);
    expect(hashed).toBe(2);
  });

  test('are not kept of a file that was written a moment ago: it may change unseen', async () => {
    await once([weights], 'a'.repeat(64), 0);
    await expect(stat(digests)).rejects.toThrow('ENOENT');
  });

  test('are not kept of a file that is written meanwhile', async () => {
    const hash = async (): Promise<string> => {
      await writeSettled(weights, Buffer.alloc(large, 3));
      return 'a'.repeat(64);
    };
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + later);
    await digestOnce([new FileSource(weights)], hash, digests);
    clock.mockRestore();
    await expect(stat(digests)).rejects.toThrow('ENOENT');
  });

  test('of weights that were replaced after they were opened are neither looked up nor kept', async () => {
    const opened = [new FileSource(weights)];
    await writeSettled(weights, Buffer.alloc(large, 4));
    await once([weights], 'b'.repeat(64));
    const before = await readFile(digests, 'utf8');
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + later);
    expect(await digestOnce(opened, () => Promise.resolve('a'.repeat(64)), digests)).toBe('a'.repeat(64));
    clock.mockRestore();
    expect(await readFile(digests, 'utf8')).toBe(before);
  });

  test('are not looked up of small files', async () => {
    const small = join(folder, 'small');
    await writeSettled(small, Buffer.alloc(9));
    await once([small]);
    await once([small]);
    expect(hashed).toBe(2);
  });

  test.each(['{', '[]', '7', '{"PATH":{"state":7}}', '{"PATH":{"state":"","sha256":"no digest"}}'])(
    'are made where the file of digests holds %s, which is written anew',
    async (content) => {
      await once([weights]);
      await writeFile(digests, content.replace('PATH', weights));
      expect(await once([weights], 'c'.repeat(64))).toBe('c'.repeat(64));
      expect(Object.keys(JSON.parse(await readFile(digests, 'utf8')) as object)).toEqual([weights]);
    },
  );

  test('are made where the file of digests cannot be', async () => {
    await writeFile(join(folder, 'cache'), 'a file, no folder');
    expect([await once([weights]), await once([weights])]).toEqual(['a'.repeat(64), 'a'.repeat(64)]);
    expect(hashed).toBe(2);
  });

  test('of 256 checkpoints are kept, the newest', async () => {
    await once([weights]);
    const known = Array.from({ length: 256 }, (_, i) => [`/${i}`, { state: '', sha256: 'd'.repeat(64) }]);
    await writeFile(digests, JSON.stringify(Object.fromEntries(known)));
    await once([weights]);
    const kept = Object.keys(JSON.parse(await readFile(digests, 'utf8')) as object);
    expect(kept).toHaveLength(256);
    expect([kept[0], kept[255]]).toEqual(['/1', weights]);
  });
});

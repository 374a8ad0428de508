import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { demoModel, ImageError, UsageError, type ExplanationDocument } from '../../src/index.js';
import { readStandardInput, refuseFolder, refuseTerminal } from '../../src/node/files/standard-input.js';
import { makePng } from '../image/png-bytes.js';
import { refusalOf, sentenceOf, vitrine, type Outcome } from './command.js';

let folder: string;
let jpeg: Buffer;
const png = makePng({ depth: 8, color: 2, width: 1, rows: [[0, 255, 0, 0]] });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-input-'));
  jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();
  await writeFile(join(folder, 'dot.png'), png);
  await writeFile(join(folder, 'dot.jpg'), jpeg);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function explain(out: string, stdin: Buffer | undefined, ...args: readonly string[]): Promise<Outcome> {
  const always = ['--model', demoModel.name, '--device', 'native', '--out', out];
  return vitrine(['explain', ...always, ...args], { cwd: folder, ...(stdin ? { stdin } : {}) });
}

const parse = (line: string): ExplanationDocument => JSON.parse(line) as ExplanationDocument;

describe('a picture from the standard input', () => {
  test('is explained as the file is, of every format, and its results are called stdin', async () => {
    for (const [kind, bytes] of [['png', png], ['jpg', jpeg]] as const) {
      const out = `as-${kind}`;
      const { status, stdout, stderr } = await explain(out, bytes, '--image', '-', '--json');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const document = parse(stdout);
      const fromFile = parse((await explain(out, undefined, `dot.${kind}`, '--json')).stdout);
      expect(document.predictions).toEqual(fromFile.predictions);
      expect(document.explanations[0].values).toEqual(fromFile.explanations[0].values);
      const { width, height } = fromFile.image;
      expect(document.image).toEqual({ width, height });
      const name = `stdin.${demoModel.name}.panel`;
      expect(document.explanations[0].file).toBe(join(folder, out, `${name}.png`));
      expect((await readdir(join(folder, out))).filter((file) => file.startsWith('stdin.')).sort()).toEqual([`${name}.json`, `${name}.png`]);
      expect(parse(await readFile(join(folder, out, `${name}.json`), 'utf8'))).toEqual(document);
    }
  }); // prettier-ignore

  test('lies beside a file of that name, and is known again by what it holds', async () => {
    await writeFile(join(folder, 'stdin.png'), png);
    const both = await explain('both', jpeg, 'stdin.png', '-');
    expect(both).toMatchObject({ status: 0, stderr: '' });
    expect(both.stdout).toContain('\nThe standard input (300 x 200)\n');
    expect(await readdir(join(folder, 'both'))).toHaveLength(4);
    expect((await explain('both', jpeg, '-', 'stdin.png')).status).toBe(0);
    expect((await explain('both', jpeg, '-', '--class', '3')).status).toBe(0);
    const other = await explain('both', png, '-');
    expect(refusalOf(other)).toMatch(/^Results would replace 2 files, .*stdin.* of another picture or other weights;/);
    expect((await explain('both', png, '-', '--force')).status).toBe(0);
  }); // prettier-ignore

  test.each([
    [[], 'is empty: give a file that holds a picture.'],
    [[...Buffer.from('no picture')], 'is not a picture that can be read: give a PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP or PPM.'],
    [[...png.subarray(0, -20)], 'is cut off before the end of the picture: copy or download it again.'],
  ])('that is none is refused in a sentence', async (bytes, problem) => {
    const { status, stderr } = await explain('none', Buffer.from(bytes), '--image', '-');
    expect(status).toBe(2);
    expect(sentenceOf(stderr)).toBe(`The standard input ${problem}`);
    expect(await readdir(folder)).not.toContain('none');
    // Those beside it are still done.
    const beside = await explain('beside', Buffer.from(bytes), 'dot.png', '-');
    expect(beside.status).toBe(1);
    expect(beside.stderr.split('\n').map((line) => line && sentenceOf(line))).toEqual([`The standard input ${problem}`, '1 of 2 pictures could not be explained.', '']);
  }); // prettier-ignore

  test('can be given once', async () => {
    for (const args of [['-', '--image', '-'], ['--image', '-', 'dot.png', '-']]) {
      expect(refusalOf(await explain('twice', png, ...args))).toBe('The standard input holds one picture; give "-" once.');
    }
  }); // prettier-ignore

  test('is not waited for where nobody can type it', () => {
    expect(() => {
      refuseTerminal({ isTTY: true });
    }).toThrow(new UsageError('"-" takes the picture from the standard input, which is a terminal; write --image - < FILE.'));
    refuseTerminal({});
  }); // prettier-ignore

  test('is no folder', () => {
    const entry = (isDirectory: boolean) => ({ isDirectory: () => isDirectory });
    expect(() => {
      refuseFolder(entry(true));
    }).toThrow(new UsageError('"-" takes the picture from the standard input, which is a folder; write --image - < FILE.'));
    refuseFolder(entry(false));
  }); // prettier-ignore

  test('has a length', async () => {
    const pieces = (count: number): AsyncIterable<Buffer> =>
      (async function* () {
        for (let i = 0; i < count; i++) yield await Promise.resolve(Buffer.alloc(2 ** 20, i));
      })();
    expect(await readStandardInput(pieces(4), 4 * 2 ** 20)).toHaveLength(4 * 2 ** 20);
    const endless = readStandardInput(pieces(Infinity), 4 * 2 ** 20);
    await expect(endless).rejects.toThrow(ImageError);
    await expect(endless).rejects.toThrow(
      /^The standard input goes on after 4 MiB, more than a picture takes:/,
    );
  });

  test('that breaks off with an error is refused in a sentence, and a mistake of ours is not hidden', async () => {
    const breaking = (error: Error): AsyncIterable<Buffer> =>
      (async function* () {
        yield await Promise.resolve(png);
        throw error;
      })();
    const failed = readStandardInput(breaking(Object.assign(new Error('read'), { code: 'EIO' })));
    await expect(failed).rejects.toThrow('The standard input cannot be read, the system says EIO: give the');
    await expect(readStandardInput(breaking(new TypeError('ours')))).rejects.toThrow(TypeError);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ImageError } from '../../src/index.js';
import { readSprites } from '../../src/node/index.js';
import { sceneClasses, spriteCollection } from '../../src/train/index.js';

const icons = Object.fromEntries(
  sceneClasses.map(({ iconNames }) => [iconNames[0], { body: '<circle cx="8" cy="8" r="5"/>' }]),
);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-sprites-'));
  file = join(folder, spriteCollection('mdi')!);
  await mkdir(dirname(file), { recursive: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('a collection of drawings', () => {
  test('is read, also with a byte-order mark', async () => {
    for (const start of ['', '\ufeff']) {
      await writeFile(file, start + JSON.stringify({ width: 16, icons }));
      const sprites = await readSprites(folder, ['mdi'], 16);
      expect(sprites.map(({ length }) => length)).toEqual(sceneClasses.map(() => 1));
    }
  });

  test.each([
    ['{"icons": {', 'it is no JSON, it ends too early'],
    ['null', 'it is no collection of icons'],
    ['[]', 'it is no collection of icons'],
    ['{}', 'it is no collection of icons'],
    [JSON.stringify({ icons: { cat: { body: 3 } } }), 'it is no collection of icons'],
  ])('that is damaged is refused in words: %s', async (text, why) => {
    await writeFile(file, text);
    const reading = readSprites(folder, ['mdi'], 16);
    await expect(reading).rejects.toThrow(ImageError);
    await expect(reading).rejects.toThrow(`${file} cannot be read: ${why}; install its package again.`);
  });

  test('that cannot be read is refused in words', async () => {
    await mkdir(file);
    await expect(readSprites(folder, ['mdi'], 16)).rejects.toThrow(
      /icons\.json cannot be read: it is a folder, not a file; install its package again\.$/,
    );
  });
});

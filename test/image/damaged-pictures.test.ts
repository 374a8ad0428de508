import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ImageError, UsageError } from '../../src/errors.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { pictureByFormula } from './pictures.js';
import { makePng } from './png-bytes.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pictures-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function stored(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** The message of the ImageError that reading the path ends in. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await readPicture(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImageError);
  return (error as ImageError).message;
}

describe('readPicture: what is no picture is refused in one sentence that names the path', () => {
  const whole = { depth: 8, color: 2, width: 2, rows: [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]] }; // prettier-ignore

  test('missing', async () => {
    const path = join(folder, 'missing.png');
    expect(await refusal(path)).toBe(`There is no file ${path}: check the path of the picture.`);
  });

  test('bytes in the place of a path', async () => {
    const bytes = makePng(whole) as unknown as string;
    await expect(readPicture(bytes)).rejects.toThrow(UsageError);
    await expect(readPicture(bytes)).rejects.toThrow('takes the path of a picture file, not object');
  });

  test('a folder', async () => {
    expect(await refusal(folder)).toBe(`${folder} is a folder: give one picture file.`);
  });

  test('a device', async () => {
    expect(await refusal('/dev/zero')).toBe('/dev/zero is not a file: give a picture file.');
  });

  test('without permission', async () => {
    const path = await stored('secret.png', makePng(whole));
    await chmod(path, 0o000);
    await chmod(folder, 0o755);
    // Root may read everything, so for this test root becomes nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await refusal(path)).toBe(
        `${path} may not be read: change its permissions or give a copy of it.`,
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('a symbolic link to itself', async () => {
    const path = join(folder, 'loop.png');
    await symlink(path, path);
    expect(await refusal(path)).toBe(
      `${path} cannot be read: its links lead in a circle; mend that or give another picture.`,
    );
  });

  test('empty', async () => {
    const path = await stored('empty.jpg', '');
    expect(await refusal(path)).toBe(`${path} is empty: give a file that holds a picture.`);
  });

  test('text', async () => {
    const path = await stored('text.jpg', 'no picture\n'.repeat(40));
    expect(await refusal(path)).toMatch(/text\.jpg is not a picture that can be read: give a PNG, JPEG/);
  });

  test('HEIC', async () => {
    const path = await stored('phone.jpg', `\0\0\0\x18ftypheic\0\0\0\0mif1heic${'\0'.repeat(80)}`);
    expect(await refusal(path)).toMatch(/is a HEIC picture, which cannot be read: convert it/);
  });

  test('PNG cut off at every length', async () => {
    const png = makePng(whole);
    for (let length = 8; length < png.length; length++) {
      const path = await stored('cut.png', png.subarray(0, length));
      expect(await refusal(path)).toMatch(
        /cut\.png is (cut off before the end|damaged and cannot be decoded)/,
      );
    }
  });

  test('PNG with rows missing inside intact chunks', async () => {
    const path = await stored('rows.png', makePng({ ...whole, height: 3 }));
    expect(await refusal(path)).toBe(`${path} is damaged and cannot be decoded: copy or download it again.`);
  });

  test('interlaced PNG: whole, with rows missing, and with a thousand times more than it shows', async () => {
    // A single column and two rows: the first pass has the first pixel, the seventh the second.
    const rows = [[0, 10, 20, 30], [0, 40, 50, 60]]; // prettier-ignore
    const picture = { depth: 8, color: 2, width: 1, height: 2, interlaced: true };
    const path = await stored('interlaced.png', makePng({ ...picture, rows }));
    const { data } = await readPicture(path);
    expect(Array.from(data)).toEqual([10, 20, 30, 40, 50, 60]);
    const short = await stored('short.png', makePng({ ...picture, rows: rows.slice(0, 1) }));
    expect(await refusal(short)).toMatch(/short\.png is (damaged|cut off)/);
    const excess = Array.from({ length: 64 }, () => new Array<number>(2 ** 16).fill(0));
    const long = await stored('long.png', makePng({ ...picture, rows: [...rows, ...excess] }));
    expect((await readPicture(long)).data).toEqual(data);
  });

  test('PNG with a byte of its pixels changed', async () => {
    const png = makePng(whole);
    png[png.indexOf('IDAT') + 8] ^= 0xff;
    expect(await refusal(await stored('flipped.png', png))).toMatch(/flipped\.png is damaged/);
  });

  test('JPEG cut off', async () => {
    const photo = pictureByFormula(64, 64);
    const jpeg = await sharp(photo.data, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    for (const share of [0.5, 0.9]) {
      const path = await stored('cut.jpg', jpeg.subarray(0, jpeg.length * share));
      expect(await refusal(path)).toBe(
        `${path} is cut off before the end of the picture: copy or download it again.`,
      );
    }
  });

  test('PNG and SVG of absurd dimensions, before any memory is taken', async () => {
    const png = await stored('huge.png', makePng({ ...whole, width: 60_000, height: 60_000 }));
    const limit = 'more than the limit of 100 million: make it smaller first.';
    expect(await refusal(png)).toBe(`${png} claims 60000x60000 pixels, ${limit}`);
    const svg = await stored(
      'huge.svg',
      '<svg xmlns="http://www.w3.org/2000/svg" width="200000" height="90000"/>',
    );
    expect(await refusal(svg)).toBe(`${svg} claims 200000x90000 pixels, ${limit}`);
  });

  test('PNG without columns', async () => {
    expect(await refusal(await stored('none.png', makePng({ ...whole, width: 0 })))).toMatch(
      /none\.png is damaged/,
    );
  });
});

describeWithReference('readPicture: a JPEG that was really cut off', (reference) => {
  test('is refused', async () => {
    const path = join(reference, 'images', 'odd', 'truncated.jpg');
    expect(await refusal(path)).toMatch(/truncated\.jpg is cut off before the end/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { UsageError } from '../../src/errors.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { refusalOf, usePictureFiles } from './picture-files.js';
import { pictureByFormula } from './pictures.js';
import { makePng } from './png-bytes.js';

const files = usePictureFiles();
const DAMAGED = 'is damaged and cannot be decoded: copy or download it again.';

describe('readPicture: what is no picture is refused in one sentence that names the path', () => {
  const whole = { depth: 8, color: 2, width: 2, rows: [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]] }; // prettier-ignore

  test('missing', async () => {
    const path = join(files.folder, 'missing.png');
    expect(await refusalOf(path)).toBe(`There is no file ${path}: check the path of the picture.`);
  });

  test.each(['https://example.org/cat.png', '/home/me/https:/cat.png'])('the address %s', async (address) => {
    expect(await refusalOf(address)).toBe(
      `There is no file ${address}: an address is no path; download the picture and give its file.`,
    );
  });

  test.each([
    ['/home/me/file:/cat.png', 'an address is no path; give the path that it has behind "file://"'],
    ['/work/~/cat.png', 'shells put the home folder in the place of ~ only where it is not quoted; give the path in full'],
    ['~me/cat.png', 'shells put the home folder in the place of ~ only where it is not quoted; give the path in full'],
    ['/work/cat~/tom.png', 'check the path of the picture'],
  ])('%s, which is no address of the web', async (path, remedy) => {
    expect(await refusalOf(path)).toBe(`There is no file ${path}: ${remedy}.`);
  }); // prettier-ignore

  test('bytes in the place of a path', async () => {
    const bytes = makePng(whole) as unknown as string;
    await expect(readPicture(bytes)).rejects.toThrow(UsageError);
    await expect(readPicture(bytes)).rejects.toThrow('takes the path of a picture file, not a Uint8Array');
  });

  test('a folder', async () => {
    expect(await refusalOf(files.folder)).toBe(`${files.folder} is a folder: give one picture file.`);
  });

  test('a device', async () => {
    expect(await refusalOf('/dev/zero')).toBe('/dev/zero is not a file: give a picture file.');
  });

  test('without permission', async () => {
    const path = await files.stored(makePng(whole), 'secret.png');
    await chmod(path, 0o000);
    await chmod(files.folder, 0o755);
    // Root may read everything, so for this test root becomes nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await refusalOf(path)).toBe(
        `${path} may not be read: change its permissions or give a copy of it.`,
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('a symbolic link to itself', async () => {
    const path = join(files.folder, 'loop.png');
    await symlink(path, path);
    expect(await refusalOf(path)).toBe(
      `${path} cannot be read: its links lead in a circle; mend that or give another picture.`,
    );
  });

  test('empty', async () => {
    expect(await files.outcome('')).toBe('is empty: give a file that holds a picture.');
  });

  test('text', async () => {
    expect(await files.outcome('no picture\n'.repeat(40))).toMatch(
      /^is not a picture that can be read: give a PNG, JPEG/,
    );
  });

  test('HEIC', async () => {
    const bytes = `\0\0\0\x18ftypheic\0\0\0\0mif1heic${'\0'.repeat(80)}`;
    expect(await files.outcome(bytes)).toMatch(/^is a HEIC picture, which cannot be read: convert it/);
  });

  test('PNG cut off at every length', async () => {
    const png = makePng(whole);
    for (let length = 8; length < png.length; length++) {
      const message = await files.outcome(png.subarray(0, length));
      expect(message).toMatch(/^is (cut off before the end|damaged and cannot be decoded)/);
    }
  });

  test('PNG with rows missing inside intact chunks', async () => {
    expect(await files.outcome(makePng({ ...whole, height: 3 }))).toBe(DAMAGED);
  });

  test('interlaced PNG: whole, with rows missing, and with a thousand times more than it shows', async () => {
    // A single column and two rows: the first pass has the first pixel, the seventh the second.
    const rows = [[0, 10, 20, 30], [0, 40, 50, 60]]; // prettier-ignore
    const picture = { depth: 8, color: 2, width: 1, height: 2, interlaced: true };
    const { data } = await files.read(makePng({ ...picture, rows }));
    expect(Array.from(data)).toEqual([10, 20, 30, 40, 50, 60]);
    const short = makePng({ ...picture, rows: rows.slice(0, 1) });
    expect(await files.outcome(short)).toMatch(/^is (damaged|cut off)/);
    const excess = Array.from({ length: 64 }, () => new Array<number>(2 ** 16).fill(0));
    const long = makePng({ ...picture, rows: [...rows, ...excess] });
    expect((await files.read(long)).data).toEqual(data);
  });

  test('PNG with a byte of its pixels changed', async () => {
    const png = makePng(whole);
    png[png.indexOf('IDAT') + 8] ^= 0xff;
    expect(await files.outcome(png)).toBe(DAMAGED);
  });

  test('JPEG cut off', async () => {
    const photo = pictureByFormula(64, 64);
    const jpeg = await sharp(photo.data, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    for (const share of [0.5, 0.9]) {
      expect(await files.outcome(jpeg.subarray(0, jpeg.length * share))).toBe(
        'is cut off before the end of the picture: copy or download it again.',
      );
    }
  });

  test('PNG and SVG of absurd dimensions, before any memory is taken', async () => {
    const png = makePng({ ...whole, width: 60_000, height: 60_000 });
    expect(await files.outcome(png)).toBe(
      'claims 60000x60000 pixels, more than the limit of 400 million: make it smaller first.',
    );
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200000" height="90000"/>';
    expect(await files.outcome(svg)).toBe(
      'claims 200000x90000 pixels, more than the limit of 100 million: make it smaller first.',
    );
  });

  test('PNG without columns', async () => {
    expect(await files.outcome(makePng({ ...whole, width: 0 }))).toBe(DAMAGED);
  });
});

describeWithReference('readPicture: a JPEG that was really cut off', (reference) => {
  test('is refused', async () => {
    const path = join(reference, 'images', 'odd', 'truncated.jpg');
    expect(await refusalOf(path)).toMatch(/truncated\.jpg is cut off before the end/);
  });
});

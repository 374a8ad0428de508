import { describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readPicture, writePng } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { usePictureFiles } from './picture-files.js';
import { pictureByFormula, pixelsOf } from './pictures.js';
import { makePng } from './png-bytes.js';

const files = usePictureFiles();

/** Red, green over blue, white. */
const corners = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]; // prettier-ignore
const cornersRaw = { raw: { width: 2, height: 2, channels: 3 } } as const;

describe('readPicture: PNG of every kind becomes 8-bit RGB', () => {
  const rgbaRows = [
    [0, 100, 0, 0, 255, 10, 20, 30, 128],
    [0, 1, 2, 3, 1, 200, 100, 50, 0],
  ];
  test.each([
    ['1-bit grey', { depth: 1, color: 0, width: 4, rows: [[0, 0b10100000]] }, [255, 0, 255, 0].map((v) => [v, v, v])],
    ['4-bit grey', { depth: 4, color: 0, width: 2, rows: [[0, 0x3f]] }, [[51, 51, 51], [255, 255, 255]]],
    [
      '2-bit palette with transparency',
      {
        depth: 2, color: 3, width: 3, rows: [[0, 0b00011000]],
        palette: [10, 20, 30, 40, 50, 60, 70, 80, 90], transparency: [255, 0, 51],
      },
      [[10, 20, 30], [255, 255, 255], [218, 220, 222]],
    ],
    ['8-bit RGB', { depth: 8, color: 2, width: 1, rows: [[0, 9, 8, 7]] }, [[9, 8, 7]]],
    [
      '16-bit grey, rounded',
      { depth: 16, color: 0, width: 4, rows: [[0, 0xff, 0xff, 0x80, 0x00, 0x00, 0x81, 0x00, 0x80]] },
      [255, 128, 1, 0].map((v) => [v, v, v]),
    ],
    [
      '16-bit RGBA',
      { depth: 16, color: 6, width: 1, rows: [[0, 0xff, 0xff, 0, 0, 0x33, 0x33, 0x99, 0x99]] },
      [[255, 102, 133]],
    ],
    ['grey and alpha', { depth: 8, color: 4, width: 2, rows: [[0, 100, 51, 7, 255]] }, [[224, 224, 224], [7, 7, 7]]],
    // value * alpha / 255 + 255 * (1 - alpha / 255), rounded
    [
      'RGBA over white',
      { depth: 8, color: 6, width: 2, rows: rgbaRows },
      [[100, 0, 0], [132, 137, 142], [254, 254, 254], [255, 255, 255]],
    ],
  ])('%s', async (_, description, expected) => {
    const picture = await files.read(makePng(description));
    expect([picture.width, picture.height]).toEqual([description.width, description.rows.length]);
    expect(pixelsOf(picture)).toEqual(expected);
  }); // prettier-ignore

  test('bytes behind the end are ignored, as viewers do', async () => {
    const png = makePng({ depth: 8, color: 2, width: 1, rows: [[0, 9, 8, 7]] });
    const picture = await files.read(Buffer.concat([png, Buffer.from('tail')]));
    expect(pixelsOf(picture)).toEqual([[9, 8, 7]]);
  });
});

describe('readPicture: other formats, told by content and not by name', () => {
  const source = sharp(Uint8Array.from(corners.flat()), cornersRaw);
  test.each(['webp', 'tiff', 'gif'] as const)('%s', async (format) => {
    const options = format === 'gif' ? { dither: 0 } : { lossless: true, compression: 'lzw' as const };
    const path = await files.stored(await source.clone().toFormat(format, options).toBuffer(), 'picture.png');
    expect(pixelsOf(await readPicture(path))).toEqual(corners);
  });

  test.each([
    ['jpeg', [1, 'upright'], [16, 8]],
    ['jpeg', [6, 'turned'], [8, 16]],
    ['png', [6, 'turned'], [8, 16]],
  ] as const)('%s with EXIF orientation %j has size %j', async (format, [orientation], [width, height]) => {
    // Left half red, right half blue; orientation 6 is shown turned clockwise: red comes to lie on top.
    const rows = Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => {
      const isLeft = Math.floor(i / 3) % 16 < 8;
      return (isLeft ? [255, 0, 0] : [0, 0, 255])[i % 3];
    });
    const bytes = await sharp(rows, { raw: { width: 16, height: 8, channels: 3 } })
      .withMetadata({ orientation })
      .toFormat(format, { quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const picture = await files.read(bytes);
    expect([picture.width, picture.height]).toEqual([width, height]);
    const pixels = pixelsOf(picture);
    const isRed = ([red, , blue]: number[]) => red > 200 && blue < 50;
    expect(isRed(pixels[0])).toBe(true);
    expect(isRed(pixels[width - 1])).toBe(orientation === 6);
    expect(isRed(pixels[width * (height - 1)])).toBe(orientation === 1);
  });

  test('grey and CMYK JPEG become RGB', async () => {
    const white = sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } });
    for (const space of ['b-w', 'cmyk']) {
      const bytes = await white.clone().toColourspace(space).jpeg().toBuffer();
      expect((await sharp(bytes).metadata()).space).toBe(space);
      const picture = await files.read(bytes);
      expect(picture.data).toHaveLength(8 * 8 * 3);
      expect(Math.min(...picture.data)).toBeGreaterThan(250);
    }
  });

  test('of an animation, the first frame', async () => {
    const frames = Uint8Array.from([...[255, 0, 0], ...[0, 0, 255]]);
    const bytes = await sharp(frames, { raw: { width: 1, height: 2, channels: 3, pageHeight: 1 } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(pixelsOf(await files.read(bytes))).toEqual([[255, 0, 0]]);
  });

  test('transparency of a WebP is laid over white', async () => {
    const rgba = Uint8Array.from([10, 20, 30, 128]);
    const bytes = await sharp(rgba, { raw: { width: 1, height: 1, channels: 4 } })
      .webp({ lossless: true })
      .toBuffer();
    expect(pixelsOf(await files.read(bytes))).toEqual([[132, 137, 142]]);
  });
});

describeWithReference('readPicture: odd files', (reference) => {
  const odd = join(reference, 'images', 'odd');

  test('whole ones read as sharp reads it, over white', async () => {
    // The orientation of one stands where sharp does not look.
    const names = (await readdir(odd)).filter((name) => /^(?!raw_profile).*\.png$/.test(name));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      const path = join(odd, name);
      const expected = await sharp(path)
        .flatten({ background: 'white' })
        .toColourspace('srgb')
        .raw()
        .toBuffer();
      const { data } = await readPicture(path);
      expect(data).toHaveLength(expected.length);
      // Blending may be rounded either way.
      expect(data.every((value, i) => Math.abs(value - expected[i]) <= 1)).toBe(true);
    }
  });
});

describe('writePng', () => {
  test.each([
    [1, 1],
    [37, 23],
  ])('a picture of %dx%d comes back byte for byte', async (width, height) => {
    const path = join(files.folder, `written${width}.png`);
    const picture = pictureByFormula(width, height);
    await writePng(path, picture);
    const back = await readPicture(path);
    expect([back.width, back.height]).toEqual([width, height]);
    expect(Array.from(back.data)).toEqual(Array.from(picture.data));
    // An independent decoder agrees.
    expect(Array.from(await sharp(path).raw().toBuffer())).toEqual(Array.from(picture.data));
  });

  test('a folder that does not exist is named', async () => {
    const path = join(files.folder, 'nowhere', 'a.png');
    await expect(writePng(path, pictureByFormula(2, 2))).rejects.toThrow(
      `Cannot write ${path}: its folder does not exist; create the folder or choose another path.`,
    );
  });
});

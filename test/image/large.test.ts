import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { Picture } from '../../src/image/picture.js';
import { imagenetPreprocessing, preprocess, scenesPreprocessing } from '../../src/image/preprocess.js';
import { pictureLimits, REDUCED_LEVELS, type PictureLimits } from '../../src/node/pictures/limits.js';
import { jpegLying } from './exif-bytes.js';
import { makeGif } from './gif-bytes.js';
import { usePictureFiles } from './picture-files.js';
import { pictureByFormula } from './pictures.js';
import { makePng } from './png-bytes.js';

const files = usePictureFiles();

const CUT_OFF = 'is cut off before the end of the picture: copy or download it again.';

/** Few pixels made many, each of them a rectangle. */
function enlarged({ width, height, data }: Picture, factor: number, channels: 3 | 4 = 3): Sharp {
  return sharp(data, { raw: { width, height, channels } }).resize({
    width: width * factor,
    height: height * factor,
    kernel: 'nearest',
  });
}

/** The colours at the corners: upper left, upper right, lower left, lower right. */
function cornersOf({ width, height, data }: Picture): number[][] {
  const below = (height - 1) * width;
  return [0, width - 1, below, below + width - 1].map((pixel) => [
    ...data.subarray(3 * pixel, 3 * pixel + 3),
  ]);
}

function largestDifference(some: ArrayLike<number>, others: ArrayLike<number>): number {
  expect(some).toHaveLength(others.length);
  let largest = 0;
  for (let i = 0; i < some.length; i++) largest = Math.max(largest, Math.abs(some[i] - others[i]));
  return largest;
}

/** Four colours in eight pixels. */
const four = { width: 4, height: 2, data: Uint8Array.from([200, 30, 30, 200, 30, 30, 30, 200, 30, 30, 200, 30, 30, 30, 200, 30, 30, 200, 120, 120, 120, 120, 120, 120]) }; // prettier-ignore

/** Every limit, a hundred times lower: what holds for them holds for larger ones, and takes a hundred times as long. */
const hundredth: PictureLimits = {
  rows: pictureLimits.rows / 100,
  buffer: pictureLimits.buffer / 100,
  whole: pictureLimits.whole / 100,
  reduced: pictureLimits.reduced / 100,
  shortestSide: Math.floor(pictureLimits.shortestSide / 10),
};

describe('readPicture: a JPEG of 108 million pixels', () => {
  const blocks = pictureByFormula(400, 300);
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await enlarged(blocks, 30).jpeg().toBuffer();
  });

  test('is decoded at half its size and says so', async () => {
    const picture = await files.read(bytes);
    expect([picture.width, picture.height]).toEqual([6000, 4500]);
    expect(picture.reducedFrom).toEqual({ width: 12000, height: 9000 });
    expect(picture.note).toBe(
      'it has more than 100 million pixels and was decoded at 6000 x 4500: maps are drawn at that size, and the ' +
        "model's input may be off by 3 of 255 levels",
    );
  });

  test('is refused if it ends early', async () => {
    expect(await files.outcome(bytes.subarray(0, 0.9 * bytes.length))).toBe(CUT_OFF);
  });
});

describe('readPicture: a JPEG above the limit', () => {
  test('gives nearly the same input, however little is left of it', async () => {
    // The fewest pixels that a side may keep are the worst case, so these alone are not made fewer.
    const limits = { ...pictureLimits, whole: 10e6, reduced: 5e6 };
    const bytes = await enlarged(pictureByFormula(440, 410), 10).jpeg().toBuffer();
    const [reduced, whole] = [await files.read(bytes, limits), await files.read(bytes)];
    expect([reduced.width, reduced.height, whole.width, whole.height]).toEqual([2200, 2050, 4400, 4100]);
    for (const preprocessing of [imagenetPreprocessing, scenesPreprocessing(72)]) {
      const [expected, actual] = [whole, reduced].map((picture) => preprocess(picture, preprocessing));
      expect(actual.geometry).toEqual(expected.geometry);
      expect(largestDifference(actual.crop.data, expected.crop.data)).toBeLessThanOrEqual(REDUCED_LEVELS);
    }
  });

  test.each([false, true])('is refused if it ends early, with an end marker and without (progressive: %s)', async (progressive) => {
    const whole = await enlarged(pictureByFormula(400, 300), 3).jpeg({ progressive }).toBuffer();
    expect((await files.read(whole, hundredth)).width).toBe(600);
    expect(await files.outcome(whole.subarray(0, 0.9 * whole.length), hundredth)).toBe(CUT_OFF);
    const closed = Buffer.concat([whole.subarray(0, 0.4 * whole.length), Buffer.from([0xff, 0xd9])]);
    expect(await files.outcome(closed, hundredth)).toBe(CUT_OFF);
  }); // prettier-ignore
});

describe('readPicture: what makes a small picture right makes a large one right', () => {
  test('the orientation that EXIF gives it', async () => {
    const jpegOf = (factor: number) =>
      enlarged(four, factor).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    const [small, large] = [await jpegOf(8), await jpegOf(360)];
    // Half a turn, over the diagonal, a quarter; every one is tried on small pictures.
    for (const orientation of [3, 5, 6]) {
      const expected = await files.read(jpegLying(orientation, small));
      const picture = await files.read(jpegLying(orientation, large), hundredth);
      const swaps = expected.width < expected.height;
      expect(picture.reducedFrom).toEqual(
        swaps ? { width: 720, height: 1440 } : { width: 1440, height: 720 },
      );
      expect([2 * picture.width, 2 * picture.height]).toEqual(Object.values(picture.reducedFrom!));
      expect(largestDifference(cornersOf(picture).flat(), cornersOf(expected).flat())).toBeLessThanOrEqual(1);
    }
  });

  const opaque = cornersOf(four).flat();
  test.each([
    ['PNG of 16 bits', (picture: Sharp) => picture.toColourspace('rgb16').png({ compressionLevel: 1 })],
    ['interlaced PNG', (picture: Sharp) => picture.png({ compressionLevel: 1, progressive: true })],
    ['TIFF', (picture: Sharp) => picture.tiff({ compression: 'lzw' })],
    ['WebP', (picture: Sharp) => picture.webp({ lossless: true, effort: 0 })],
  ])('as %s', async (_, encode) => {
    const picture = await files.read(await encode(enlarged(four, 360)).toBuffer(), hundredth);
    expect([picture.width, picture.height]).toEqual([720, 360]);
    // Of 16 bits, sharp writes 256 times what it has of 8.
    expect(largestDifference(cornersOf(picture).flat(), opaque)).toBeLessThanOrEqual(1);
  });

  test('transparency, which is laid over white', async () => {
    const rgba = Uint8Array.from([10, 20, 30, 128, 200, 100, 50, 0, 9, 9, 9, 255, 255, 255, 255, 255]);
    const bytes = await enlarged({ width: 2, height: 2, data: rgba }, 510, 4)
      .png({ compressionLevel: 1 })
      .toBuffer();
    const expected = [[132, 137, 142], [255, 255, 255], [9, 9, 9], [255, 255, 255]]; // prettier-ignore
    const picture = await files.read(bytes, hundredth);
    expect(picture.width).toBe(510);
    // Colours are multiplied by alpha while they are averaged, and divided by it again.
    expect(largestDifference(cornersOf(picture).flat(), expected.flat())).toBeLessThanOrEqual(1);
  });
});

describe('readPicture: how large a picture may be', () => {
  const png = (width: number, height: number, interlaced = false) =>
    makePng({ depth: 1, color: 0, width, height, rows: [[0, 0]], interlaced });
  const gif = (width: number, height: number) =>
    makeGif({ canvas: [width, height], left: 0, top: 0, width, height, pixels: [0] });
  const progressive = async (width: number, height: number) => {
    const { data } = pictureByFormula(16, 16);
    const bytes = await sharp(data, { raw: { width: 16, height: 16, channels: 3 } })
      .jpeg({ progressive: true })
      .toBuffer();
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc2]));
    bytes.writeUInt16BE(height, frame + 5);
    bytes.writeUInt16BE(width, frame + 7);
    return bytes;
  };
  const smaller = 'make it smaller first';
  const otherwise = `${smaller}, or save it as a JPEG or PNG that is neither progressive nor interlaced.`;

  test.each([
    ['PNG', png(20_001, 20_000), `400 million: ${smaller}.`],
    ['interlaced PNG', png(20_001, 10_000, true), `200 million: ${otherwise}`],
    ['interlaced PNG, beyond what any may be', png(20_001, 20_000, true), `200 million: ${smaller}.`],
    ['progressive JPEG', progressive(20_001, 10_000), `200 million: ${otherwise}`],
    ['GIF', gif(10_001, 10_000), `100 million: ${otherwise}`],
    ['narrow', png(30_000, 4095), '100 million for pictures of less than 4096 rows or columns: cut out a part of it first.'],
    ['narrow and larger', png(60_000, 6143), '100 million for pictures of less than 6144 rows or columns: cut out a part of it first.'],
  ])('%s', async (_, bytes, limit) => {
    expect(await files.outcome(await bytes)).toMatch(/^claims \d+x\d+ pixels, more than the limit of /);
    expect(await files.outcome(await bytes)).toContain(`more than the limit of ${limit}`);
  }); // prettier-ignore
});

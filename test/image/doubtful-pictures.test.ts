import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { usePictureFiles } from './picture-files.js';
import { pictureByFormula } from './pictures.js';
import { makeTiff } from './tiff-bytes.js';

const files = usePictureFiles();

const REMEDY = 'convert it to RGB or grey with 8 or 16 unsigned bits a sample.';

describe('readPicture: samples whose range cannot be told are refused', () => {
  const grey = { photometric: 1, samplesPerPixel: 1 };
  test.each([
    ['8-bit', { ...grey, width: 2, data: [10, 200] }, [[10, 10, 10], [200, 200, 200]]],
    ['8-bit, black is 255', { ...grey, photometric: 0, width: 1, data: [10] }, [[245, 245, 245]]],
    ['1-bit', { ...grey, bits: 1, width: 2, data: [0b01000000] }, [[0, 0, 0], [255, 255, 255]]],
    ['16-bit', { ...grey, bits: 16, width: 2, data: [0, 128, 255, 255] }, [[128, 128, 128], [255, 255, 255]]],
  ])('%s is read', async (_, picture, expected) => {
    expect(await files.outcome(makeTiff(picture))).toEqual(expected);
  }); // prettier-ignore

  test.each([
    ['char', 8, 2],
    ['short', 16, 2],
    ['uint', 32, 1],
    ['int', 32, 2],
    ['float', 32, 3],
  ])('%s', async (type, bits, sampleFormat) => {
    const data = new Uint8Array(bits / 8).fill(1);
    const message = `holds samples of the type "${type}", whose range cannot be told: ${REMEDY}`;
    expect(await files.outcome(makeTiff({ ...grey, width: 1, bits, sampleFormat, data }))).toBe(message);
  });
});

test('readPicture: samples that the decoder does not know are refused in the same way', async () => {
  const message = `holds samples or colours of a kind that cannot be read: ${REMEDY}`;
  const grey = { photometric: 1, samplesPerPixel: 1, width: 1 };
  const data = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(await files.outcome(makeTiff({ ...grey, bits: 64, sampleFormat: 3, data }))).toBe(message);
  expect(await files.outcome(makeTiff({ ...grey, bits: 12, data }))).toBe(message);
});

describe('readPicture: only what is said to be alpha is taken for it', () => {
  const rgb = { photometric: 2, width: 1 };
  const cmyk = { photometric: 5, width: 1 };
  const strange = `holds channels that are neither colour nor alpha: ${REMEDY}`;
  test.each([
    ['RGB', { ...rgb, samplesPerPixel: 3, data: [100, 50, 20] }, [[100, 50, 20]]],
    ['RGB and alpha', { ...rgb, samplesPerPixel: 4, extraSamples: [2], data: [100, 50, 20, 51] }, [[224, 214, 208]]],
    // 255 * 20 / 51 = 100 laid over white
    ['RGB and premultiplied alpha', { ...rgb, samplesPerPixel: 4, extraSamples: [1], data: [20, 10, 4, 51] }, [[224, 214, 208]]],
    ['RGB and something', { ...rgb, samplesPerPixel: 4, extraSamples: [0], data: [100, 50, 20, 51] }, strange],
    ['RGB and nobody says what', { ...rgb, samplesPerPixel: 4, data: [100, 50, 20, 51] }, strange],
    ['RGB, alpha and something', { ...rgb, samplesPerPixel: 5, extraSamples: [2, 0], data: [1, 2, 3, 4, 5] }, strange],
    ['grey and something', { photometric: 1, width: 1, samplesPerPixel: 2, extraSamples: [0], data: [1, 2] }, strange],
    ['CMYK without ink', { ...cmyk, samplesPerPixel: 4, data: [0, 0, 0, 0] }, [[255, 255, 255]]],
    ['CMYK and a spot colour', { ...cmyk, samplesPerPixel: 5, extraSamples: [0], data: [0, 0, 0, 0, 9] }, strange],
    [
      'YCbCr without JPEG',
      { photometric: 6, width: 1, samplesPerPixel: 3, data: [128, 148, 108] },
      `holds colours of a kind that cannot be converted to RGB: ${REMEDY}`,
    ],
  ])('%s', async (_, picture, expected) => {
    expect(await files.outcome(makeTiff(picture))).toEqual(expected);
  }); // prettier-ignore

  test('big-endian TIFF', async () => {
    const picture = { ...rgb, samplesPerPixel: 4, data: [100, 50, 20, 51], bigEndian: true };
    expect(await files.outcome(makeTiff({ ...picture, extraSamples: [2] }))).toEqual([[224, 214, 208]]);
    expect(await files.outcome(makeTiff({ ...picture, extraSamples: [0] }))).toBe(strange);
  });

  test('TIFF of 64-bit offsets, and with JPEG in it', async () => {
    const source = sharp(Uint8Array.from([9, 8, 7]), { raw: { width: 1, height: 1, channels: 3 } });
    const tiffs = [
      source.clone().tiff({ compression: 'deflate', bigtiff: true }),
      source.clone().tiff({ compression: 'jpeg', quality: 100 }),
    ];
    for (const tiff of tiffs) {
      const [[red, green, blue]] = (await files.outcome(await tiff.toBuffer())) as number[][];
      expect(Math.max(Math.abs(red - 9), Math.abs(green - 8), Math.abs(blue - 7))).toBeLessThanOrEqual(3);
    }
  });
});

describe('readPicture: TIFF', () => {
  const grey = { photometric: 1, samplesPerPixel: 1, width: 4, height: 2 };
  const nines = new Array<number[]>(8).fill([9, 9, 9]);
  const damaged = 'is damaged and cannot be decoded: copy or download it again.';

  test('with fields that nobody knows is read', async () => {
    const others: [number, number][] = [[40000, 7], [65000, 7]]; // prettier-ignore
    expect(await files.outcome(makeTiff({ ...grey, data: new Uint8Array(8).fill(9), others }))).toEqual(
      nines,
    );
  });

  test('whose data end early is refused', async () => {
    expect(await files.outcome(makeTiff({ ...grey, data: [9, 9, 9] }))).toBe(damaged);
  });

  test('whose run lengths do not fit its rows is refused', async () => {
    const PACKBITS = 32773;
    const [four, five] = [[0x100 - 3, 9], [0x100 - 4, 9]]; // prettier-ignore
    const packed = { ...grey, compression: PACKBITS };
    expect(await files.outcome(makeTiff({ ...packed, data: [...four, ...four] }))).toEqual(nines);
    expect(await files.outcome(makeTiff({ ...packed, data: [...five, ...five] }))).toBe(damaged);
  });

  test('with JPEG in it that ends early is refused', async () => {
    const { data } = pictureByFormula(64, 64);
    const tiff = await sharp(data, { raw: { width: 64, height: 64, channels: 3 } })
      .tiff({ compression: 'jpeg' })
      .toBuffer();
    expect(await files.outcome(tiff)).toHaveLength(64 * 64);
    tiff.set([0xff, 0xd9], tiff.indexOf(Buffer.from([0xff, 0xda])) + 300);
    expect(await files.outcome(tiff)).toMatch(/^is cut off before the end/);
  });
});

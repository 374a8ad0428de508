import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { makeGif } from './gif-bytes.js';
import { usePictureFiles } from './picture-files.js';
import { pictureByFormula, pixelsOf } from './pictures.js';

const files = usePictureFiles();

const read = async (bytes: Uint8Array): Promise<number[][]> => pixelsOf(await files.read(bytes));

const [R, G, B, W] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]; // prettier-ignore

describe('readPicture: the first frame of a GIF', () => {
  const full = { canvas: [2, 2] as [number, number], left: 0, top: 0, width: 2, height: 2 };
  const small = { canvas: [3, 2] as [number, number], left: 1, top: 1, width: 2, height: 1 };

  test('that fills its canvas', async () => {
    expect(await read(makeGif({ ...full, pixels: [0, 1, 2, 1] }))).toEqual([R, G, B, G]);
  });

  test('that is smaller than its canvas lies on white, with transparency and without', async () => {
    expect(await read(makeGif({ ...small, pixels: [1, 2] }))).toEqual([W, W, W, W, G, B]);
    expect(await read(makeGif({ ...small, pixels: [1, 2], transparent: 1 }))).toEqual([W, W, W, W, W, B]);
  });

  test('that is smaller than its canvas and grey alone', async () => {
    expect(await read(makeGif({ ...small, pixels: [3, 3] }))).toEqual([W, W, W, W, [0, 0, 0], [0, 0, 0]]);
  });

  test('whose data end before its rows do is refused', async () => {
    for (const pixels of [[], [0, 1], [0, 1, 2]])
      await expect(read(makeGif({ ...full, pixels }))).rejects.toThrow(/is cut off before the end/);
    expect(await read(makeGif({ ...full, pixels: [0, 1, 2, 1, 0] }))).toEqual([R, G, B, G]);
  });

  test('that reaches beyond its canvas is refused', async () => {
    const message = /has a first frame that reaches beyond its canvas: save it as PNG first\.$/;
    for (const moved of [{ left: 1 }, { top: 1 }, { canvas: [2, 1] as [number, number] }])
      await expect(read(makeGif({ ...full, ...moved, pixels: [0, 1, 2, 1] }))).rejects.toThrow(message);
  });

  test.each([2, 16, 256])('of %d colours is not taken for short', async (colours) => {
    const { data } = pictureByFormula(150, 150);
    for (const progressive of [false, true]) {
      const bytes = await sharp(data, { raw: { width: 150, height: 150, channels: 3 } })
        .gif({ colours, progressive })
        .toBuffer();
      const expected = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer();
      expect((await read(bytes)).flat()).toEqual(Array.from(expected));
    }
  });
});

test('readPicture: what the first frame of a WebP leaves free of its canvas is white', async () => {
  const still = await sharp(Uint8Array.from([10, 20, 30]), { raw: { width: 1, height: 1, channels: 3 } })
    .webp({ lossless: true })
    .toBuffer();
  const chunk = (type: string, content: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return Buffer.concat([Buffer.from(type), length, content]);
  };
  // Opaque black behind a canvas of 3 x 2; the frame's one pixel lies at 2, 0.
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', Buffer.from([2, 0, 0, 0, 2, 0, 0, 1, 0, 0])),
    chunk('ANIM', Buffer.from([0, 0, 0, 255, 0, 0])),
    chunk('ANMF', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, ...still.subarray(12)])),
  ]);
  expect(await read(chunk('RIFF', body))).toEqual([W, W, [10, 20, 30], W, W, W]);
});

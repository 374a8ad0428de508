import { describe, expect, test } from '@jest/globals';
import { makeBmp, type BmpDescription } from './bmp-bytes.js';
import { usePictureFiles } from './picture-files.js';

const files = usePictureFiles();

const DAMAGED = 'is damaged and cannot be decoded: copy or download it again.';
const CUT_OFF = 'is cut off before the end of the picture: copy or download it again.';
const REMEDY = 'convert it to RGB or grey with 8 or 16 unsigned bits a sample.';
const STRANGE = `holds channels that are neither colour nor alpha: ${REMEDY}`;

const [R, G, B, K, W] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0], [255, 255, 255]]; // prettier-ignore
/** Red, green, blue, black. */
const palette = [[0, 0, 255, 0], [0, 255, 0, 0], [255, 0, 0, 0], [0, 0, 0, 0]].flat(); // prettier-ignore
const indexed = { palette, colours: 4 };
const AS_8888 = [0xff0000, 0xff00, 0xff, 0xff000000];
/** A byte each, least significant first. */
const words = (...values: number[]): number[] =>
  values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]);

const kinds: [string, BmpDescription, number[][]][] = [
  // Every row is filled up to four bytes, and the lower one comes first.
  ['1 bit', { ...indexed, colours: 2, palette: palette.slice(0, 8), bits: 1, width: 3, height: 2, data: [0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0] }, [R, G, R, G, R, G]],
  ['4 bits', { ...indexed, bits: 4, width: 3, height: 2, data: [0x01, 0x20, 0, 0, 0x32, 0x10, 0, 0] }, [K, B, G, R, G, B]],
  ['8 bits', { ...indexed, bits: 8, width: 2, height: 1, data: [2, 3, 0, 0] }, [B, K]],
  ['8 bits and all colours', { bits: 8, width: 1, height: 1, palette: Array.from({ length: 1024 }, (_, i) => i >> 2), data: [200, 0, 0, 0] }, [[200, 200, 200]]],
  ['the upper row first', { ...indexed, bits: 8, width: 1, height: -2, data: [0, 0, 0, 0, 1, 0, 0, 0] }, [R, G]],
  ['OS/2', { headerBytes: 12, palette: [0, 0, 255, 0, 255, 0], bits: 1, width: 2, height: 1, data: [0b01000000, 0, 0, 0] }, [R, G]],
  ['OS/2 with fewer colours than there could be', { headerBytes: 12, palette: [0, 0, 255, 0, 255, 0], bits: 4, width: 2, height: 1, data: [0x01, 0, 0, 0] }, [R, G]],
  ['24 bits', { bits: 24, width: 1, height: 2, data: [1, 2, 3, 0, 4, 5, 6, 0] }, [[6, 5, 4], [3, 2, 1]]],
  ['16 bits', { bits: 16, width: 2, height: 1, data: words(0x7c00, (3 << 10) | (16 << 5) | 1) }, [R, [25, 132, 8]]],
  ['16 bits by masks', { bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], width: 2, height: 1, data: words(0x7e0, 32 << 5) }, [G, [0, 130, 0]]],
  ['32 bits', { bits: 32, width: 2, height: 1, data: [1, 2, 3, 0, 4, 5, 6, 0] }, [[3, 2, 1], [6, 5, 4]]],
  ['32 bits, the unused ones set', { bits: 32, width: 2, height: 1, data: [1, 2, 3, 255, 4, 5, 6, 255] }, [[3, 2, 1], [6, 5, 4]]],
  ['10 bits each', { bits: 32, compression: 3, masks: [0x3ff, 0xffc00, 0x3ff00000], width: 1, height: 1, data: [0xff, 0x03, 0x08, 0] }, [[255, 128, 0]]],
  // 100 * 51 / 255 + 255 * 204 / 255
  ['alpha', { headerBytes: 108, bits: 32, compression: 3, masks: AS_8888, width: 2, height: 1, data: [20, 50, 100, 51, 1, 2, 3, 0] }, [[224, 214, 208], W]],
  ['alpha behind the oldest header that can have it', { bits: 32, compression: 6, masks: AS_8888, width: 1, height: 1, data: [20, 50, 100, 51] }, [[224, 214, 208]]],
  ['alpha of one bit', { headerBytes: 56, bits: 16, compression: 3, masks: [0x7c00, 0x3e0, 0x1f, 0x8000], width: 2, height: 1, data: words(0x7c00, 0xfc00) }, [W, R]],
]; // prettier-ignore

describe('readPicture: BMP', () => {
  test.each(kinds)('of %s', async (_, picture, expected) => {
    expect(await files.outcome(makeBmp(picture))).toEqual(expected);
  });

  test.each(kinds)('of %s, cut off at any place, is refused, but may lack what fills up its last row', async (_, picture, expected) => {
    const whole = makeBmp(picture);
    const filling = (4 - (Math.ceil((picture.width * picture.bits) / 8) % 4)) % 4;
    const end = whole.length - filling;
    expect(await files.outcome(whole.subarray(0, end))).toEqual(expected);
    for (let length = 18; length < end; length++)
      expect(await files.outcome(whole.subarray(0, length))).toBe(CUT_OFF);
  }); // prettier-ignore

  const one = { width: 1, height: 1, data: [1, 2, 3, 4] };
  const unreadable = `holds pixels of a kind that cannot be read: ${REMEDY}`;
  const notRgb = `holds colours of a kind that cannot be converted to RGB: ${REMEDY}`;
  test.each<[string, BmpDescription, string]>([
    ['a colour that the palette lacks', { ...indexed, ...one, bits: 8, data: [4, 0, 0, 0] }, DAMAGED],
    ['more colours than its bits can name', { ...one, bits: 1, colours: 4, palette }, DAMAGED],
    ['a palette that reaches into the pixels', { ...one, bits: 8, colours: 5, palette }, DAMAGED],
    ['no columns', { ...one, width: 0, bits: 24 }, DAMAGED],
    ['less than no columns', { ...one, width: -1, bits: 24 }, DAMAGED],
    ['something where nothing should be', { bits: 32, width: 2, height: 1, data: [1, 2, 3, 0, 4, 5, 6, 255] }, STRANGE],
    ['something beside its masks', { bits: 16, compression: 3, masks: [0x7c00, 0x3e0, 0x1f], width: 2, height: 1, data: words(0x8000, 0) }, STRANGE],
    ['alpha that hides everything', { headerBytes: 124, ...one, bits: 32, compression: 3, masks: AS_8888, data: [1, 2, 3, 0] }, `holds alpha that hides everything: ${REMEDY}`],
    ['JPEG in it', { ...one, bits: 0, compression: 4 }, unreadable],
    ['12 bits', { ...one, bits: 12 }, unreadable],
    ['masks for 24 bits', { ...one, bits: 24, compression: 3, masks: [0xff, 0xff00, 0xff0000] }, unreadable],
    ["OS/2's own compression", { headerBytes: 64, ...one, bits: 1, compression: 3 }, unreadable],
    ['masks that overlap', { ...one, bits: 32, compression: 3, masks: [0xff, 0x1ff, 0xff0000] }, notRgb],
    ['masks with holes', { ...one, bits: 32, compression: 3, masks: [0xf0f, 0xff0000, 0xff000000] }, notRgb],
    ['no blue', { ...one, bits: 32, compression: 3, masks: [0xff, 0xff00, 0] }, notRgb],
  ])('with %s is refused', async (_, picture, message) => {
    expect(await files.outcome(makeBmp(picture))).toBe(message);
  }); // prettier-ignore

  test('of absurd dimensions is refused before any memory is taken', async () => {
    const bytes = makeBmp({ bits: 24, width: 60_000, height: -60_000, data: [] });
    expect(await files.outcome(bytes)).toBe(
      'claims 60000x60000 pixels, more than the limit of 100 million: make it smaller first.',
    );
  });
});

describe('readPicture: BMP of runs', () => {
  const runs8 = { ...indexed, bits: 8, compression: 1, width: 5, height: 2 };
  const runs4 = { ...indexed, bits: 4, compression: 2, width: 5, height: 2 };
  const [END_OF_ROW, END] = [[0, 0], [0, 1]]; // prettier-ignore
  const pixels = [R, R, G, B, G, K, K, K, R, B];
  // The lower row comes first. Pixels that are no run are filled up to two bytes.
  const data8 = [...[3, 3, 1, 0, 1, 2], ...END_OF_ROW, ...[2, 0], ...[0, 3, 1, 2, 1, 0]];
  const data4 = [...[3, 0x33, 2, 0x02], ...END_OF_ROW, ...[2, 0x00], ...[0, 3, 0x12, 0x10]];

  test.each([
    ['8 bits', { ...runs8, data: [...data8, ...END_OF_ROW, ...END] }],
    ['8 bits without a last end of row', { ...runs8, data: [...data8, ...END] }],
    ['8 bits without an end', { ...runs8, data: data8 }],
    ['4 bits', { ...runs4, data: [...data4, ...END] }],
    ['4 bits, two of them in turns', { ...runs4, height: 1, data: [5, 0x13] }, [G, K, G, K, G]],
    [
      '4 bits, five of them no run',
      { ...runs4, height: 1, data: [0, 5, 0x01, 0x23, 0x10, 0] },
      [R, G, B, K, G],
    ],
  ])('of %s', async (_, picture, expected = pixels) => {
    expect(await files.outcome(makeBmp(picture))).toEqual(expected);
  });

  const uncoloured = `holds pixels that are left without a colour: ${REMEDY}`;
  test.each([
    ['ends early', data8.slice(0, 8), CUT_OFF],
    ['ends inside of what is no run', data8.slice(0, 13), CUT_OFF],
    ['says that it ends early', [...data8.slice(0, 8), ...END], uncoloured],
    ['leaves the end of a row free', [2, 0, ...END_OF_ROW, ...data8], uncoloured],
    ['jumps over pixels', [2, 0, ...[0, 2, 3, 0], ...END_OF_ROW, ...data8], uncoloured],
    ['goes beyond a row', [6, 0], DAMAGED],
    ['goes beyond a row with what is no run', [4, 0, 0, 3, 1, 2, 3, 0], DAMAGED],
    ['names a colour that the palette lacks', [...data8.slice(0, 10), 0, 3, 9, 9, 9, 0], DAMAGED],
  ])('that %s is refused', async (_, data, message) => {
    expect(await files.outcome(makeBmp({ ...runs8, data }))).toBe(message);
  });

  test('with the upper row first, which there is not, is refused', async () => {
    expect(await files.outcome(makeBmp({ ...runs8, height: -2, data: data8 }))).toBe(DAMAGED);
  });
});

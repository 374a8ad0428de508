import { describe, expect, test } from '@jest/globals';
import { usePictureFiles } from './picture-files.js';

const files = usePictureFiles();

const DAMAGED = 'is damaged and cannot be decoded: copy or download it again.';
const CUT_OFF = 'is cut off before the end of the picture: copy or download it again.';

const [K, W] = [[0, 0, 0], [255, 255, 255]]; // prettier-ignore
const greys = (...levels: number[]): number[][] => levels.map((level) => [level, level, level]);
const binary = (header: string, ...samples: number[]): Buffer =>
  Buffer.concat([Buffer.from(header), Buffer.from(samples)]);

describe('readPicture: PBM, PGM and PPM', () => {
  test.each([
    ['P1', Buffer.from('P1\n3 2\n1 0 1\n0 1 0\n'), [K, W, K, W, K, W]],
    ['P1 without anything between', Buffer.from('P1 3 2 101010'), [K, W, K, W, K, W]],
    ['P2', Buffer.from('P2\n2 2\n255\n0 7\n100\n255'), greys(0, 7, 100, 255)],
    ['P2 up to 31', Buffer.from('P2 3 1 31 0 3 31'), greys(0, 25, 255)],
    ['P2 up to 65535', Buffer.from('P2 4 1 65535 128 129 32768 65535'), greys(0, 1, 128, 255)],
    ['P3', Buffer.from('P3 1 2 255 1 2 3 4 5 6'), [[1, 2, 3], [4, 5, 6]]],
    ['P4, whose rows begin with a byte', binary('P4 9 2\n', 0b01010101, 0b10000000, 0xff, 0), [W, K, W, K, W, K, W, K, K, ...Array<number[]>(8).fill(K), W]],
    ['P5', binary('P5 2 1 255\n', 10, 200), greys(10, 200)],
    ['P5 up to 1', binary('P5 2 1 1\n', 0, 1), greys(0, 255)],
    ['P5 up to 256, so of two bytes', binary('P5 2 1 256\n', 0, 128, 1, 0), greys(128, 255)],
    ['P5 up to 65535', binary('P5 4 1 65535\n', 0, 128, 0, 129, 128, 0, 255, 255), greys(0, 1, 128, 255)],
    ['P6', binary('P6 2 1 255\n', 1, 2, 3, 4, 5, 6), [[1, 2, 3], [4, 5, 6]]],
    ['P6 up to 65535', binary('P6 1 1 65535\n', 255, 255, 128, 0, 0, 0), [[255, 128, 0]]],
    ['a first sample that looks like white space', binary('P5 2 1 255\n', 10, 32), greys(10, 32)],
    ['comments', Buffer.from('P2# a\n#b 9\n 1 # c\r\n2\n255 #\n8 # 9\n7'), greys(8, 7)],
    ['another picture behind it', binary('P5 1 1 255\n', 9, ...Buffer.from('P5 1 1 255\n'), 7), greys(9)],
  ])('%s', async (_, bytes, expected) => {
    expect(await files.outcome(bytes)).toEqual(expected);
  }); // prettier-ignore

  test.each([
    ['P1', Buffer.from('P1 3 2 10101')],
    ['P3', Buffer.from('P3 1 2 255 1 2 3 4 5 # 6')],
    ['P4', binary('P4 9 2\n', 0, 0, 0)],
    ['P5', binary('P5 2 2 255\n', 1, 2, 3)],
    ['P5 of two bytes', binary('P5 2 1 256\n', 0, 1, 0)],
    ['P6', binary('P6 1 1 255\n', 1, 2)],
  ])('%s that ends early is refused', async (_, bytes) => {
    expect(await files.outcome(bytes)).toBe(CUT_OFF);
  });

  test.each([
    ['a sample above the maximum', binary('P5 2 1 100\n', 100, 101)],
    ['a sample of two bytes above the maximum', binary('P5 1 1 256\n', 1, 1)],
    ['a number above the maximum', Buffer.from('P2 2 1 100 100 101')],
    ['a number without end', Buffer.from(`P2 1 1 100 ${'9'.repeat(400)}`)],
    ['a two in a bitmap', Buffer.from('P1 2 1 12')],
    ['a letter', Buffer.from('P2 2 1 255 1 x')],
    ['a letter behind a number', Buffer.from('P2 2 1 255 1x 1')],
    ['a negative number', Buffer.from('P2 2 1 255 1 -1')],
    ['a header that ends early', Buffer.from('P6 12')],
    ['a header without a maximum', Buffer.from('P6 12 12\n')],
    ['a maximum of nothing', binary('P5 1 1 0\n', 0)],
    ['a maximum of more than two bytes', binary('P5 1 1 65536\n', 0, 0, 0)],
    ['no columns', binary('P5 0 1 255\n', 0)],
  ])('with %s is refused', async (_, bytes) => {
    expect(await files.outcome(bytes)).toBe(DAMAGED);
  });

  test('of absurd dimensions is refused before any memory is taken', async () => {
    for (const kind of ['P3', 'P6'])
      expect(await files.outcome(`${kind} 60000 60000 255\n1 2 3`)).toBe(
        'claims 60000x60000 pixels, more than the limit of 100 million: make it smaller first.',
      );
  });

  test('text that begins alike is no picture', async () => {
    for (const text of ['P1\nof the list', 'P6', 'P7 1 1', 'P5x 1 1'])
      expect(await files.outcome(text)).toMatch(/^is not a picture that can be read/);
  });
});

test('of several pictures in a file it says that this is the first', async () => {
  const grey = Buffer.concat([Buffer.from('P5 1 1 255\n'), Buffer.of(7)]);
  const deep = Buffer.concat([Buffer.from(`P6 #${' '.repeat(200)}\n1 1 65535\n`), Buffer.alloc(6)]);
  const bits = Buffer.concat([Buffer.from('P4 9 1\n'), Buffer.alloc(2)]);
  const noteOf = async (...parts: Buffer[]) => (await files.read(Buffer.concat(parts))).note;
  expect(await noteOf(grey, deep, bits, grey)).toBe(
    'this is the first of the 4 pictures that the file holds',
  );
  expect(await noteOf(grey, Buffer.from('\n'))).toBeUndefined();
  expect(await noteOf(grey, deep.subarray(0, -1))).toBeUndefined();
  expect((await files.read('P2 1 1 255 7 P2 1 1 255 9')).note).toBeUndefined();
});

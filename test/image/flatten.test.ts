import { expect, test } from '@jest/globals';
import { flattenOverWhite } from '../../src/image/flatten.js';

test.each([
  ['grey is repeated', 1, [0, 7, 255], [0, 0, 0, 7, 7, 7, 255, 255, 255]],
  // 102 / 255 of 10 and 153 / 255 of 255 are 4 and 153; without alpha there is nothing but white.
  ['grey lies over white', 2, [10, 255, 10, 102, 10, 0], [10, 10, 10, 157, 157, 157, 255, 255, 255]],
  ['colours stay', 3, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  [
    'colours lie over white',
    4,
    [10, 20, 250, 255, 10, 20, 250, 102, 10, 20, 250, 0],
    [10, 20, 250, 157, 161, 253, 255, 255, 255],
  ],
  // 254 / 255 of 100 and one of white are 100.6; 253 / 255 and two are 101.2.
  ['what lies between two levels is rounded', 2, [100, 254, 100, 253, 0, 0], [101, 101, 101, 101, 101, 101, 255, 255, 255]], // prettier-ignore
])('%s, %d channels', (_, channels, data, expected) => {
  const { width, height, data: flat } = flattenOverWhite(Uint8Array.from(data), channels, 3, 1);
  expect([width, height]).toEqual([3, 1]);
  expect(Array.from(flat)).toEqual(expected);
});

test.each([
  ['a byte too few', 5, 3, 2, 1, '5 bytes are no picture of 2x1 pixels with 3 channels'],
  ['five channels', 10, 5, 2, 1, '10 bytes are no picture of 2x1 pixels with 5 channels'],
  ['no channels', 0, 0, 2, 1, '0 bytes are no picture of 2x1 pixels with 0 channels'],
  ['half a column', 9, 3, 1.5, 2, '9 bytes are no picture of 1.5x2 pixels with 3 channels'],
  ['half a row', 9, 3, 2, 1.5, '9 bytes are no picture of 2x1.5 pixels with 3 channels'],
  ['a side over the other', 6, 3, 4, 2, '6 bytes are no picture of 4x2 pixels with 3 channels'],
])('%s is refused', (_, bytes, channels, width, height, words) => {
  expect(() => flattenOverWhite(new Uint8Array(bytes), channels, width, height)).toThrow(
    `flattenOverWhite: ${words}; give 1 to 4 channels, and a byte for each of every pixel.`,
  );
});

test('what is no bytes is refused', () => {
  expect(() => flattenOverWhite([1, 2, 3] as never, 3, 1, 1)).toThrow(
    'flattenOverWhite: the bytes is [1, 2, 3]; expected a Uint8Array.',
  );
});

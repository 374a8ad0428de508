import { describe, expect, test } from '@jest/globals';
import { cut } from '../../src/image/cut.js';
import { pictureByFormula, pixelsOf } from './pictures.js';

const picture = pictureByFormula(7, 5);
const all = pixelsOf(picture);

describe('cut', () => {
  test.each([
    ['one pixel', { x: 3, y: 2, width: 1, height: 1 }],
    ['some of the middle', { x: 2, y: 1, width: 4, height: 3 }],
    ['the last corner', { x: 5, y: 3, width: 2, height: 2 }],
    ['all', { x: 0, y: 0, width: 7, height: 5 }],
  ])('%s', (_, { x, y, width, height }) => {
    const part = cut(picture, { x, y, width, height });
    expect([part.width, part.height, part.data.length]).toEqual([width, height, 3 * width * height]);
    const expected = all.filter((_pixel, i) => {
      const [column, row] = [i % 7, Math.floor(i / 7)];
      return column >= x && column < x + width && row >= y && row < y + height;
    });
    expect(pixelsOf(part)).toEqual(expected);
  });

  test.each([
    ['beyond the right edge', { x: 5, y: 0, width: 3, height: 1 }, '3x1 pixels at 5,0'],
    ['beyond the lower edge', { x: 0, y: 4, width: 1, height: 2 }, '1x2 pixels at 0,4'],
    ['left of it', { x: -1, y: 0, width: 2, height: 1 }, '2x1 pixels at -1,0'],
    ['above it', { x: 0, y: -1, width: 1, height: 2 }, '1x2 pixels at 0,-1'],
    ['no columns', { x: 0, y: 0, width: 0, height: 2 }, '0x2 pixels at 0,0'],
    ['no rows', { x: 0, y: 0, width: 2, height: 0 }, '2x0 pixels at 0,0'],
    ['between pixels', { x: 0.5, y: 0, width: 2, height: 2 }, '2x2 pixels at 0.5,0'],
    ['half a pixel', { x: 0, y: 0, width: 2, height: 1.5 }, '2x1.5 pixels at 0,0'],
  ])('%s is refused', (_, area, words) => {
    expect(() => cut(picture, area)).toThrow(`Cannot cut ${words} from a picture of 7x5.`);
  });

  test('a picture that lacks bytes is refused', () => {
    const area = { x: 0, y: 0, width: 1, height: 1 };
    expect(() => cut({ ...picture, data: picture.data.subarray(1) }, area)).toThrow(
      'cut: the picture of 7x5 pixels has 104 bytes; expected three a pixel',
    );
  });
});

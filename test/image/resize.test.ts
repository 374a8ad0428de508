import { describe, expect, test } from '@jest/globals';
import { resize, resizeWindow } from '../../src/image/resize.js';
import { pictureByFormula, pixelsOf } from './pictures.js';

// Computed by Pillow 9.4: Image.frombytes('RGB', from, bytes by the same formula).resize(to, Image.BICUBIC).
// prettier-ignore
const pillow: { from: [number, number]; to: [number, number]; expected: number[] }[] = [
  { from: [7, 5], to: [13, 3], expected: [84, 105, 40, 81, 121, 80, 84, 150, 158, 91, 138, 186, 104, 105, 190, 142, 91, 159, 168, 94, 113, 105, 136, 90, 45, 169, 87, 47, 152, 120, 77, 139, 130, 135, 149, 90, 166, 155, 68, 197, 101, 86, 160, 129, 81, 88, 180, 77, 66, 165, 136, 80, 119, 215, 132, 129, 190, 185, 147, 130, 176, 116, 104, 148, 99, 79, 117, 156, 70, 91, 178, 74, 75, 124, 97, 68, 94, 109, 154, 128, 148, 140, 125, 121, 109, 122, 72, 81, 125, 85, 69, 136, 122, 140, 185, 73, 223, 221, 15, 208, 157, 60, 174, 93, 87, 148, 99, 53, 141, 99, 65, 163, 74, 169, 173, 61, 223] },
  { from: [40, 30], to: [7, 5], expected: [116, 126, 103, 129, 128, 122, 143, 128, 133, 130, 112, 124, 133, 126, 132, 137, 139, 110, 127, 144, 147, 123, 132, 121, 129, 135, 121, 131, 124, 131, 93, 129, 129, 117, 142, 124, 143, 127, 123, 132, 96, 127, 133, 144, 127, 120, 133, 106, 146, 140, 119, 115, 132, 137, 132, 142, 137, 122, 107, 131, 120, 114, 147, 134, 131, 114, 135, 108, 123, 125, 139, 143, 126, 129, 126, 111, 127, 129, 135, 124, 131, 130, 121, 135, 112, 142, 135, 134, 118, 121, 127, 121, 142, 122, 136, 97, 140, 118, 104, 143, 131, 140, 107, 121, 143] },
  { from: [1, 9], to: [4, 2], expected: [78, 112, 145, 78, 112, 145, 78, 112, 145, 78, 112, 145, 113, 118, 101, 113, 118, 101, 113, 118, 101, 113, 118, 101] },
  { from: [6, 4], to: [6, 3], expected: [31, 113, 79, 92, 102, 190, 150, 170, 214, 88, 23, 35, 106, 165, 108, 34, 140, 191, 113, 123, 65, 208, 167, 32, 133, 131, 53, 47, 110, 100, 189, 166, 251, 96, 139, 108, 181, 119, 81, 143, 219, 71, 60, 36, 88, 203, 227, 195, 48, 154, 127, 102, 124, 222] }
];

describe('resize', () => {
  test.each(pillow)('$from to $to is bit-exact with Pillow', ({ from, to, expected }) => {
    const result = resize(pictureByFormula(...from), ...to);
    expect([result.width, result.height]).toEqual(to);
    expect(Array.from(result.data)).toEqual(expected);
  });

  test('overshoot at a step is clipped to 0..255 as Pillow does', () => {
    const step = {
      width: 4,
      height: 1,
      data: Uint8Array.from([0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255]),
    };
    const red = pixelsOf(resize(step, 12, 1)).map(([value]) => value);
    expect(red).toEqual([0, 0, 0, 0, 0, 76, 179, 255, 255, 255, 255, 255]);
  });

  test('the same size gives the same bytes', () => {
    const picture = pictureByFormula(9, 4);
    expect(resize(picture, 9, 4)).toEqual(picture);
  });

  test.each([
    [30, 17],
    [3, 90],
    [11, 8],
  ])('a window of a resize to %dx%d holds the bytes of the whole', (width, height) => {
    const picture = pictureByFormula(23, 19);
    const whole = pixelsOf(resize(picture, width, height));
    const window = { x: 1, y: 5, width: width - 2, height: 2 };
    const part = pixelsOf(resizeWindow(picture, width, height, window));
    const rows = [5, 6].map((y) => whole.slice(y * width + 1, (y + 1) * width - 1));
    expect(part).toEqual(rows.flat());
  });

  test.each([0, -1, 2.5, NaN])('a width of %d is refused', (width) => {
    expect(() => resize(pictureByFormula(3, 3), width, 4)).toThrow(/sizes are whole numbers above zero/);
  });

  test('a window beyond the edge is refused', () => {
    const window = { x: 3, y: 0, width: 3, height: 5 };
    expect(() => resizeWindow(pictureByFormula(3, 3), 5, 5, window)).toThrow(/Cannot cut 3x5 at 3,0/);
  });
});

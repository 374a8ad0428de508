import { describe, expect, test } from '@jest/globals';
import { ShapeError } from '../../src/errors.js';
import { resize, resizeWindow } from '../../src/image/resize.js';
import type { Interpolation } from '../../src/image/taps.js';
import { areSame, pictureByFormula, pixelsOf } from './pictures.js';

// Computed by Pillow 9.4: Image.frombytes('RGB', from, bytes by the same formula).resize(to, Image.BICUBIC).
// prettier-ignore
const pillow: { from: [number, number]; to: [number, number]; expected: number[] }[] = [
  { from: [7, 5], to: [13, 3], expected: [84, 105, 40, 81, 121, 80, 84, 150, 158, 91, 138, 186, 104, 105, 190, 142, 91, 159, 168, 94, 113, 105, 136, 90, 45, 169, 87, 47, 152, 120, 77, 139, 130, 135, 149, 90, 166, 155, 68, 197, 101, 86, 160, 129, 81, 88, 180, 77, 66, 165, 136, 80, 119, 215, 132, 129, 190, 185, 147, 130, 176, 116, 104, 148, 99, 79, 117, 156, 70, 91, 178, 74, 75, 124, 97, 68, 94, 109, 154, 128, 148, 140, 125, 121, 109, 122, 72, 81, 125, 85, 69, 136, 122, 140, 185, 73, 223, 221, 15, 208, 157, 60, 174, 93, 87, 148, 99, 53, 141, 99, 65, 163, 74, 169, 173, 61, 223] },
  { from: [40, 30], to: [7, 5], expected: [116, 126, 103, 129, 128, 122, 143, 128, 133, 130, 112, 124, 133, 126, 132, 137, 139, 110, 127, 144, 147, 123, 132, 121, 129, 135, 121, 131, 124, 131, 93, 129, 129, 117, 142, 124, 143, 127, 123, 132, 96, 127, 133, 144, 127, 120, 133, 106, 146, 140, 119, 115, 132, 137, 132, 142, 137, 122, 107, 131, 120, 114, 147, 134, 131, 114, 135, 108, 123, 125, 139, 143, 126, 129, 126, 111, 127, 129, 135, 124, 131, 130, 121, 135, 112, 142, 135, 134, 118, 121, 127, 121, 142, 122, 136, 97, 140, 118, 104, 143, 131, 140, 107, 121, 143] },
  { from: [1, 9], to: [4, 2], expected: [78, 112, 145, 78, 112, 145, 78, 112, 145, 78, 112, 145, 113, 118, 101, 113, 118, 101, 113, 118, 101, 113, 118, 101] },
  { from: [6, 4], to: [6, 3], expected: [31, 113, 79, 92, 102, 190, 150, 170, 214, 88, 23, 35, 106, 165, 108, 34, 140, 191, 113, 123, 65, 208, 167, 32, 133, 131, 53, 47, 110, 100, 189, 166, 251, 96, 139, 108, 181, 119, 81, 143, 219, 71, 60, 36, 88, 203, 227, 195, 48, 154, 127, 102, 124, 222] }
];

// The same with Image.BILINEAR and Image.LANCZOS.
// prettier-ignore
const otherFilters: { interpolation: Interpolation, from: [number, number]; to: [number, number]; expected: number[] }[] = [
  { interpolation: 'bilinear', from: [7, 5], to: [13, 3], expected: [85, 113, 56, 85, 124, 92, 84, 146, 153, 93, 133, 180, 105, 108, 192, 136, 100, 154, 169, 96, 109, 105, 133, 95, 51, 162, 87, 59, 148, 114, 78, 140, 125, 127, 147, 95, 155, 151, 77, 177, 105, 83, 147, 128, 84, 93, 169, 87, 82, 157, 136, 86, 124, 204, 131, 131, 171, 182, 144, 123, 166, 121, 102, 147, 107, 83, 120, 148, 78, 97, 165, 80, 84, 122, 99, 77, 97, 110, 152, 126, 138, 137, 125, 116, 111, 124, 77, 91, 129, 87, 73, 137, 116, 141, 176, 75, 223, 220, 22, 196, 155, 58, 171, 100, 85, 152, 103, 63, 144, 99, 71, 163, 80, 156, 173, 70, 205] },
  { interpolation: 'bilinear', from: [20, 15], to: [4, 3], expected: [119, 113, 126, 124, 128, 104, 141, 134, 115, 126, 147, 131, 145, 120, 109, 140, 140, 133, 143, 129, 134, 133, 134, 143, 104, 116, 112, 119, 128, 121, 136, 125, 129, 116, 125, 141] },
  { interpolation: 'bilinear', from: [6, 4], to: [6, 3], expected: [36, 115, 76, 100, 109, 180, 149, 165, 203, 86, 32, 39, 109, 164, 117, 40, 139, 186, 112, 122, 66, 200, 167, 41, 131, 129, 61, 55, 111, 101, 180, 166, 240, 94, 138, 116, 177, 118, 82, 147, 213, 69, 65, 45, 87, 192, 216, 189, 60, 156, 135, 100, 126, 214] },
  { interpolation: 'lanczos', from: [7, 5], to: [13, 3], expected: [79, 95, 28, 80, 118, 74, 88, 147, 151, 90, 142, 180, 101, 106, 182, 148, 80, 156, 168, 93, 118, 109, 142, 92, 43, 175, 94, 35, 156, 124, 88, 136, 126, 144, 148, 88, 175, 159, 62, 211, 100, 96, 169, 136, 77, 94, 185, 69, 47, 169, 141, 73, 116, 218, 137, 128, 205, 189, 151, 137, 184, 112, 105, 143, 97, 76, 113, 158, 62, 87, 182, 73, 70, 133, 94, 65, 94, 107, 148, 134, 157, 140, 127, 122, 112, 121, 73, 68, 118, 90, 69, 138, 127, 143, 195, 71, 220, 219, 6, 218, 155, 60, 172, 88, 85, 142, 93, 49, 139, 100, 72, 158, 71, 172, 171, 53, 236] },
  { interpolation: 'lanczos', from: [20, 15], to: [4, 3], expected: [116, 113, 130, 123, 126, 97, 143, 136, 113, 127, 153, 136, 152, 118, 104, 139, 145, 135, 145, 129, 135, 134, 131, 146, 99, 114, 113, 115, 127, 122, 143, 119, 126, 113, 124, 140] },
  { interpolation: 'lanczos', from: [6, 4], to: [6, 3], expected: [32, 109, 84, 90, 95, 193, 147, 175, 218, 89, 18, 38, 110, 167, 105, 30, 144, 193, 113, 123, 64, 214, 168, 26, 135, 133, 46, 40, 109, 99, 197, 167, 255, 98, 139, 101, 179, 123, 77, 140, 226, 74, 61, 29, 89, 207, 232, 192, 39, 152, 123, 105, 120, 225] }
];

describe('resize', () => {
  test.each(otherFilters)('$interpolation from $from to $to is bit-exact with Pillow', (row) => {
    const result = resize(pictureByFormula(...row.from), ...row.to, row.interpolation);
    expect(Array.from(result.data)).toEqual(row.expected);
  });

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
    expect(areSame(resize(picture, 9, 4), picture)).toBe(true);
  });

  test.each([
    [30, 17],
    [3, 90],
    [11, 8],
    [23, 19],
  ])('a window of a resize to %dx%d holds the bytes of the whole', (width, height) => {
    const picture = pictureByFormula(23, 19);
    const whole = pixelsOf(resize(picture, width, height));
    const window = { x: 1, y: 5, width: width - 2, height: 2 };
    const part = pixelsOf(resizeWindow(picture, width, height, window));
    const rows = [5, 6].map((y) => whole.slice(y * width + 1, (y + 1) * width - 1));
    expect(part).toEqual(rows.flat());
  });

  test.each([0, -1, 2.5, NaN])('a size of %d is refused', (size) => {
    const picture = pictureByFormula(3, 3);
    const window = { x: 0, y: 0, width: 2, height: 2 };
    const refusal = (width: number, height: number): ShapeError =>
      new ShapeError(`Cannot resize a picture to ${width}x${height}: sizes are whole numbers above zero.`);
    expect(() => resize(picture, size, 4)).toThrow(refusal(size, 4));
    expect(() => resize(picture, 4, size)).toThrow(refusal(4, size));
    expect(() => resizeWindow(picture, 4, 4, { ...window, width: size })).toThrow(refusal(4, 4));
    expect(() => resizeWindow(picture, 4, 4, { ...window, height: size })).toThrow(refusal(4, 4));
  });

  test('a window beyond an edge is refused, one up to the edges is not', () => {
    const cut = (x: number, y: number, width: number, height: number): unknown =>
      resizeWindow(pictureByFormula(3, 3), 5, 6, { x, y, width, height });
    const refusal = (what: string): ShapeError => new ShapeError(`Cannot cut ${what} from a picture of 5x6.`);
    expect(() => cut(3, 0, 3, 5)).toThrow(refusal('3x5 at 3,0'));
    expect(() => cut(0, 2, 3, 5)).toThrow(refusal('3x5 at 0,2'));
    expect(() => cut(-1, 0, 3, 5)).toThrow(ShapeError);
    expect(() => cut(0, -1, 3, 5)).toThrow(ShapeError);
    expect(cut(2, 1, 3, 5)).toMatchObject({ width: 3, height: 5 });
  });
});

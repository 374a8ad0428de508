import { describe, expect, test } from '@jest/globals';
import {
  discrimination,
  energy,
  lift,
  maskOfPicture,
  pointsAt,
  saliency,
  topPixelsIou,
  type Mask,
} from '../../src/index.js';
import { ShapeError } from '../../src/index.js';

/** A map of one row of patches at one pixel a patch: upsampling leaves it alone. */
const row = (...values: number[]) =>
  saliency({ values, grid: [1, values.length] }, { width: values.length, height: 1 });
const mask = (...values: number[]): Mask => ({ values, width: values.length, height: 1 });

describe('a map at pixel resolution', () => {
  test('lies between patch centres, goes on beyond the outermost, and sums to 1', () => {
    // Two patches over four pixels: centres at 1 and 3, pixel centres at 0.5, 1.5, 2.5, 3.5.
    const { values, width, height } = saliency({ values: [0, 4], grid: [1, 2] }, { width: 4, height: 2 });
    expect([width, height]).toEqual([4, 2]);
    // 0, 1, 3, 4 in both rows, whose sum is 16.
    [0, 1, 3, 4, 0, 1, 3, 4].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected / 16, 15);
    });
  });

  test('rows and columns are not mixed up', () => {
    const { values } = saliency({ values: [1, 2, 3, 4, 5, 6], grid: [3, 2] }, { width: 2, height: 3 });
    [1, 2, 3, 4, 5, 6].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected / 21, 15);
    });
  });

  test('a constant map stays exactly constant, a map of zeros stays zero, huge values do not overflow', () => {
    const size = { width: 7, height: 5 };
    expect(new Set(saliency({ values: Array(6).fill(0.1), grid: [2, 3] }, size).values).size).toBe(1);
    expect(new Set(saliency({ values: Array(6).fill(0), grid: [2, 3] }, size).values)).toEqual(new Set([0]));
    expect([...row(1.5e308, 1.5e308).values]).toEqual([0.5, 0.5]);
  });

  test('of a signed map the positive part counts, taken after upsampling', () => {
    // Pixels are 4, 2, -2, -4. Taken before, they would be 4, 3, 1, 0.
    const { values } = saliency({ values: [4, -4], grid: [1, 2] }, { width: 4, height: 1 });
    [4 / 6, 2 / 6, 0, 0].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 15);
    });
    expect([...row(-1, -2).values]).toEqual([0, 0]);
    expect([...row(-1.5e308, 1.5e308, 1.5e308).values]).toEqual([0, 0.5, 0.5]);
  });

  test('what is no map is refused', () => {
    const size = { width: 2, height: 1 };
    expect(() => saliency({ values: [1, 2, 3], grid: [1, 2] }, size)).toThrow(ShapeError);
    expect(() => saliency({ values: [NaN, 1], grid: [1, 2] }, size)).toThrow('Value 0 of the map is NaN,');
    expect(() => saliency({ values: [1, Infinity], grid: [1, 2] }, size)).toThrow(ShapeError);
    expect(() => saliency({ values: [1, 1], grid: [1, 2] }, { width: 0, height: 1 })).toThrow(ShapeError);
    expect(() => saliency({ values: [1, 1], grid: [1, 2] }, { width: 1.5, height: 1 })).toThrow(ShapeError);
  });
});

describe('energy and lift', () => {
  test('the share of the energy on the object, and how much more than its area that is', () => {
    const map = row(1, 2, 4, 1); // of 8
    expect(energy(map, mask(0, 1, 1, 0))).toBeCloseTo(6 / 8, 15);
    expect(lift(map, mask(0, 1, 1, 0))).toBeCloseTo(6 / 8 / (2 / 4), 15);
  });

  test('a soft edge counts by its share', () => {
    const map = row(1, 2, 4, 1);
    expect(energy(map, mask(0.5, 0, 0.25, 0))).toBeCloseTo((0.5 + 1) / 8, 15);
    expect(lift(map, mask(0.5, 0, 0.25, 0))).toBeCloseTo(1.5 / 8 / (0.75 / 4), 15);
  });

  test('a uniform map has the energy of the area and a lift of 1', () => {
    const map = row(3, 3, 3, 3, 3);
    expect(energy(map, mask(1, 0, 0, 1, 0))).toBeCloseTo(2 / 5, 15);
    expect(lift(map, mask(1, 0, 0, 1, 0))).toBeCloseTo(1, 15);
  });

  test('an empty mask holds no energy and has no lift; a map of zeros has no energy', () => {
    expect(energy(row(1, 2), mask(0, 0))).toBe(0);
    expect(lift(row(1, 2), mask(0, 0))).toBeUndefined();
    expect(energy(row(0, 0), mask(1, 0))).toBe(0);
  });
});

describe('intersection over union of the top pixels', () => {
  test('as many pixels are taken as the object has', () => {
    // The two highest are pixels 2 and 1; the object is 2 and 3: one in common, three in all.
    expect(topPixelsIou(row(1, 3, 4, 2), mask(0, 0, 1, 1))).toBeCloseTo(1 / 3, 15);
    expect(topPixelsIou(row(1, 3, 4, 2), mask(0, 1, 1, 0))).toBe(1);
    expect(topPixelsIou(row(1, 3, 4, 2), mask(1, 0, 0, 0))).toBe(0);
  });

  test('pixels that tie for the last places share them', () => {
    // Of two places one goes to pixel 0, the other to one of 1, 2, 3: a third of a chance that it is pixel 1.
    const intersection = 1 + 1 / 3;
    expect(topPixelsIou(row(9, 1, 1, 1), mask(1, 1, 0, 0))).toBeCloseTo(
      intersection / (4 - intersection),
      15,
    );
    // A flat map finds half of an object that covers half of the picture, wherever it lies.
    for (const object of [mask(1, 1, 0, 0), mask(0, 0, 1, 1), mask(0, 1, 0, 1)]) {
      expect(topPixelsIou(row(5, 5, 5, 5), object)).toBeCloseTo(1 / 3, 15);
    }
  });

  test('a soft edge counts from one half on, and an empty mask has no value', () => {
    expect(topPixelsIou(row(1, 3, 4, 2), mask(0, 0.5, 1, 0.49))).toBe(1);
    expect(topPixelsIou(row(1, 3), mask(0.4, 0))).toBeUndefined();
  });
});

describe('pointing game', () => {
  test('the highest pixel is on the object, or it is not', () => {
    expect(pointsAt(row(1, 3, 2), mask(0, 1, 0))).toBe(true);
    expect(pointsAt(row(1, 3, 2), mask(1, 0, 1))).toBe(false);
    expect(pointsAt(row(1, 3, 2), mask(0, 0.5, 0))).toBe(true);
    expect(pointsAt(row(1, 3, 2), mask(1, 0.49, 0))).toBe(false);
  });

  test('among equals the first pixel is taken', () => {
    expect(pointsAt(row(1, 3, 3), mask(0, 1, 0))).toBe(true);
    expect(pointsAt(row(1, 3, 3), mask(0, 0, 1))).toBe(false);
  });

  test('a constant map is a miss even where the object is everywhere; an empty mask is left out', () => {
    expect(pointsAt(row(2, 2, 2), mask(1, 1, 1))).toBe(false);
    expect(pointsAt(row(0, 0, 0), mask(1, 1, 1))).toBe(false);
    expect(pointsAt(row(1, 3, 2), mask(0, 0, 0))).toBeUndefined();
  });
});

describe('discrimination', () => {
  test("the explained object's share of the energy on both", () => {
    const map = row(2, 3, 1, 4);
    expect(discrimination(map, mask(0, 1, 0, 0), mask(0, 0, 1, 0))).toBeCloseTo(3 / 4, 15);
    expect(discrimination(map, mask(0, 0, 1, 0), mask(0, 1, 0, 0))).toBeCloseTo(1 / 4, 15);
    expect(discrimination(map, mask(1, 0, 0, 0), mask(0, 0, 0, 0))).toBe(1);
  });

  test('has no value where there is no energy on either', () => {
    expect(discrimination(row(1, 0, 0), mask(0, 1, 0), mask(0, 0, 1))).toBeUndefined();
  });
});

describe('masks', () => {
  test('black is outside, white inside, and colours are averaged', () => {
    const data = Uint8Array.from([0, 0, 0, 255, 255, 255, 51, 51, 51, 0, 153, 0]);
    const { values, width, height } = maskOfPicture({ width: 2, height: 2, data });
    expect([width, height]).toEqual([2, 2]);
    [0, 1, 0.2, 0.2].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 15);
    });
  });

  test.each([
    ['energy', energy],
    ['lift', lift],
    ['topPixelsIou', topPixelsIou],
    ['pointsAt', pointsAt],
  ])('%s refuses a mask of another size or with other values', (_, measure) => {
    const map = row(1, 2);
    expect(() => measure(map, mask(0, 1, 0))).toThrow(ShapeError);
    expect(() => measure(map, { values: [0, 1], width: 1, height: 2 })).toThrow(ShapeError);
    expect(() => measure(map, { values: [0], width: 2, height: 1 })).toThrow(ShapeError);
    expect(() => measure(map, mask(0, 255))).toThrow('Value 1 of the mask is 255;');
    expect(() => measure(map, mask(0, NaN))).toThrow(ShapeError);
  });
});

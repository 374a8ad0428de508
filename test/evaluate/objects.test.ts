import { describe, expect, test } from '@jest/globals';
import {
  boxIou,
  centreGaussianBaseline,
  findMeasures,
  maskIou,
  type Mask,
  type PatchMap,
} from '../../src/index.js';

const maskOf = (...rows: readonly string[]): Mask => ({
  width: rows[0].length,
  height: rows.length,
  values: rows.flatMap((row) => Array.from(row, (letter) => Number(letter === '#'))),
});

/** A map of one patch a pixel. */
const mapOf = (...rows: readonly string[]): PatchMap => ({
  grid: [rows.length, rows[0].length],
  values: rows.flatMap((row) => Array.from(row, Number)),
});

const object = maskOf('......', '.##...', '.##...', '......');

describe('the object found beside the one that is there', () => {
  test.each<[string, PatchMap, number, number]>([
    ['perfect', mapOf('000000', '099000', '099000', '000000'), 1, 1],
    ['elsewhere', mapOf('000000', '000099', '000099', '000000'), 0, 0],
    // Of its box 4 of 9 pixels are the object's box, of its 7 pixels 3 are the object's.
    ['larger', mapOf('000000', '099900', '090900', '099000'), 4 / 9, 3 / 8],
    // The second region is no matter: the one with the highest peak is taken.
    ['in two', mapOf('000000', '099000', '099007', '000007'), 1, 1],
    ['the same everywhere', mapOf('333333', '333333', '333333', '333333'), 4 / 24, 4 / 24],
    ['nowhere above 0', mapOf('000000', '000000', '000000', '000000'), 0, 0],
  ])('a map that is %s', (_, map, box, mask) => {
    expect(boxIou(map, object)).toBeCloseTo(box, 12);
    expect(maskIou(map, object)).toBeCloseTo(mask, 12);
  });

  test('takes the threshold that it is given', () => {
    const map = mapOf('111111', '199221', '199221', '111111');
    expect(maskIou(map, object, 0.5)).toBe(1);
    expect(maskIou(map, object, 0.1)).toBe(0.5);
  });

  test('an empty mask is none, and one of wrong values is refused', () => {
    const empty = maskOf('......', '......');
    const map = centreGaussianBaseline([2, 6]);
    expect([boxIou(map, empty), maskIou(map, empty)]).toEqual([undefined, undefined]);
    expect(() => boxIou(map, { ...empty, values: [2] })).toThrow(/values; give it one a pixel/);
  });

  test('is measured by name: right from an overlap of one half on', () => {
    const [box, mask, right] = findMeasures('objects');
    expect([box, mask, right].map(({ name }) => name)).toEqual(['box-iou', 'mask-iou', 'right-box']);
    const near = mapOf('000000', '099900', '099900', '000000');
    const far = mapOf('000000', '099999', '099999', '000000');
    for (const [map, expected] of [
      [near, 1],
      [far, 0],
    ] as const) {
      const located = { saliency: { width: 6, height: 4, values: new Float64Array(24) }, object, others: [] };
      expect(right.of({ map, located })).toBe(expected);
      expect(box.of({ map, located })).toBe(boxIou(map, object));
      expect(mask.of({ map, located })).toBe(maskIou(map, object));
      expect(right.of({ map })).toBeUndefined();
    }
  });
});

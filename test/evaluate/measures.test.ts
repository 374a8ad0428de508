import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator, seed } from '../support/random.js';

/*
 * Each measure beside a version that is slow and plain, on maps and masks of any size, with ties and negative values; and on
 * maps that anybody can score in their head.
 */

const random = generator();
const whole = (count: number): number => Math.floor(random() * count);

/** Few levels, so that many values tie; some below 0. */
function anyMap(): v.PatchMap {
  const grid = [1 + whole(5), 1 + whole(5)] as const;
  const levels = 2 + whole(6);
  return {
    grid,
    values: Float64Array.from({ length: grid[0] * grid[1] }, () => whole(levels) - Math.floor(levels / 3)),
  };
}

/** Soft edges included, and something on the object. */
function anyMask(width: number, height: number): v.Mask {
  const values = Float64Array.from({ length: width * height }, () => [0, 0, 0.25, 0.5, 1][whole(5)]);
  values[whole(values.length)] = 1;
  return { width, height, values };
}

const plain = {
  energy: ({ values }: v.Saliency, mask: v.Mask) =>
    values.reduce((sum, value, i) => sum + value * mask.values[i], 0),
  lift: (map: v.Saliency, mask: v.Mask) =>
    plain.energy(map, mask) / (Array.from(mask.values).reduce((a, b) => a + b) / mask.values.length),
  /** Sorts all; those that tie for the last places have each the share of a place that is left for them. */
  iou({ values }: v.Saliency, mask: v.Mask) {
    const inside = Array.from(mask.values, (value) => Number(value >= 0.5));
    const size = inside.reduce((a, b) => a + b);
    const sorted = [...values].sort((a, b) => b - a);
    const least = sorted[size - 1];
    const above = sorted.filter((value) => value > least).length;
    const share = (size - above) / sorted.filter((value) => value === least).length;
    const common = values.reduce(
      (sum, value, i) => sum + inside[i] * (value > least ? 1 : value === least ? share : 0),
      0,
    );
    return common / (2 * size - common);
  },
  /** Every threshold there is, one after the other. */
  precision(map: v.PatchMap, mask: v.Mask) {
    const ofPixel = Array.from({ length: mask.values.length }, (_, i) => {
      const [y, x] = [Math.floor(i / mask.width), i % mask.width];
      const row = Math.floor(((y + 0.5) / mask.height) * map.grid[0]);
      return map.values[row * map.grid[1] + Math.floor(((x + 0.5) / mask.width) * map.grid[1])];
    });
    const inside = Array.from(mask.values, (value) => value >= 0.5);
    const thresholds = [...new Set(ofPixel)].sort((a, b) => b - a);
    let [average, recall] = [0, 0];
    for (const threshold of thresholds) {
      const taken = ofPixel.flatMap((value, i) => (value >= threshold ? [inside[i]] : []));
      const found = taken.filter(Boolean).length;
      const now = found / inside.filter(Boolean).length;
      average += (now - recall) * (found / taken.length);
      recall = now;
    }
    return average;
  },
};

describe(`against slow versions (seed ${seed})`, () => {
  test.each(Array.from({ length: 40 }, (_, i) => i))('maps and masks of any size, number %i', () => {
    const map = anyMap();
    // Patches of whole pixels, which no two versions can cut at different places.
    const [height, width] = [map.grid[0] * (1 + whole(4)), map.grid[1] * (1 + whole(4))];
    const mask = anyMask(width, height);
    const found = v.saliency(map, mask);
    expect(v.energy(found, mask)).toBeCloseTo(plain.energy(found, mask), 12);
    expect(v.lift(found, mask)).toBeCloseTo(plain.lift(found, mask), 12);
    expect(v.topPixelsIou(found, mask)).toBeCloseTo(plain.iou(found, mask), 12);
    expect(v.averagePrecision(map, mask)).toBeCloseTo(plain.precision(map, mask), 12);
  });

  test('the hottest of many thousand pixels, which are not all sorted', () => {
    const values = Float64Array.from({ length: 196 }, () => (random() - 0.3) ** 3);
    const found = v.saliency({ values, grid: [14, 14] }, { width: 224, height: 224 });
    for (const share of [0.001, 0.1, 0.9]) {
      const mask = {
        width: 224,
        height: 224,
        values: Float64Array.from({ length: 224 * 224 }, (_, i) => Number(i === 7 || random() < share)),
      };
      expect(v.topPixelsIou(found, mask)).toBeCloseTo(plain.iou(found, mask), 12);
    }
  });
});

/** Two rows of four patches, two pixels wide and high each; the object is the patch in the middle of the upper row. */
const grid = [2, 4] as const;
const object: v.Mask = {
  width: 8,
  height: 4,
  values: Array.from({ length: 32 }, (_, i) => Number(i < 16 && i % 8 >= 2 && i % 8 < 4)),
};
const other: v.Mask = {
  width: 8,
  height: 4,
  values: Array.from({ length: 32 }, (_, i) => Number(i >= 16 && i % 8 >= 6)),
};
const perfect = [0, 1, 0, 0, 0, 0, 0, 0];

const named = (name: string): v.Measure => v.measures.find((measure) => measure.name === name)!;
function score(name: string, values: readonly number[]): number | undefined {
  const map = { values, grid };
  return named(name).of({ map, located: { saliency: v.saliency(map, object), object, others: [other] } });
}

describe('maps that anybody can score', () => {
  test('perfect', () => {
    expect(score('ap', perfect)).toBe(1);
    expect(score('pointing', perfect)).toBe(1);
    expect(score('discrimination', perfect)).toBe(1);
    expect(score('energy', perfect)).toBeGreaterThan(0.5);
  });

  test('inverted', () => {
    const inverted = perfect.map((value) => 1 - value);
    // The object comes last of eight patches.
    expect(score('ap', inverted)).toBeCloseTo(1 / 8, 14);
    expect(score('pointing', inverted)).toBe(0);
    expect(score('iou', inverted)).toBe(0);
    expect(score('energy', inverted)).toBeLessThan(1 / 8);
  });

  test.each([
    ['constant', 1],
    ['zero', 0],
    ['of one negative value', -1],
  ])('%s: chance, and never NaN', (_, value) => {
    const values = Array<number>(8).fill(value);
    expect(score('ap', values)).toBeCloseTo(1 / 8, 14);
    expect(score('pointing', values)).toBe(0);
    // Four places shared by 32 pixels, of which four are the object's.
    expect(score('iou', values)).toBeCloseTo(0.5 / 7.5, 14);
    expect(score('energy', values)).toBeCloseTo(value > 0 ? 1 / 8 : 0, 14);
    expect(score('discrimination', values)).toBe(value > 0 ? 0.5 : undefined);
  });

  test('average precision knows only the order: no sharpening changes it, and values below 0 count', () => {
    const values = [-3, 0.5, 0.25, -1, 0.75, -2, 0, 0.1];
    // One patch is before the object's.
    expect(score('ap', values)).toBeCloseTo(1 / 2, 14);
    for (const change of [Math.cbrt, Math.exp, (x: number) => Math.sign(x) * x ** 4, (x: number) => x - 9]) {
      expect(score('ap', values.map(change))).toBe(score('ap', values));
    }
    // The energy is not so honest.
    expect(
      score(
        'energy',
        values.map((x) => Math.sign(x) * x ** 4),
      ),
    ).not.toBeCloseTo(score('energy', values)!, 3);
  });

  test('what there is no mask for has no score', () => {
    const map = { values: perfect, grid };
    for (const measure of v.measures) expect(measure.of({ map })).toBeUndefined();
    const empty = { ...object, values: new Float32Array(32) };
    expect(v.averagePrecision(map, empty)).toBeUndefined();
    const alone = { saliency: v.saliency(map, object), object, others: [] };
    expect(named('discrimination').of({ map, located: alone })).toBeUndefined();
  });

  test('a map that is no number has no order', () => {
    expect(() => v.averagePrecision({ values: [NaN, 1], grid: [1, 2] }, object)).toThrow(v.ShapeError);
  });
});

test('average precision is that of scikit-learn 1.9.1, ties included', () => {
  const inside = { width: 8, height: 1, values: [0, 1, 1, 0, 1, 0, 0, 1] };
  const map = { grid: [1, 8] as const, values: [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, -1, 0] };
  expect(v.averagePrecision(map, inside)).toBeCloseTo(0.5428571428571428, 14);
});

test('measures have names of their own, and say what they tell', () => {
  expect(new Set(v.measures.map(({ name }) => name)).size).toBe(v.measures.length);
  for (const { help, better } of v.measures) {
    expect(help).toMatch(/^[a-z][^.]+$/);
    expect(['higher', 'lower', 'neither']).toContain(better);
  }
});

import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator, seed } from '../support/random.js';

const random = generator();

/** What a measure says of a map, where a state's score and probability are functions of what is left. */
function scored(
  name: string,
  map: v.PatchMap,
  read: (left: readonly number[]) => v.StepReading,
  steps = v.usualSteps,
): number | undefined {
  const plan = new v.RemovalPlan(steps);
  const places = plan.add(map);
  const readings = plan.states.map((state) =>
    read(Array.from(state.keys()).filter((patch) => state[patch] === 0)),
  );
  return v.measures
    .find((measure) => measure.name === name)!
    .of({ map, patches: v.curvesOf(places, readings) });
}

const shuffledOf = (values: readonly number[]): number[] =>
  values
    .map((value) => [value, random()] as const)
    .sort((a, b) => a[1] - b[1])
    .map(([value]) => value);

describe('the order of patches', () => {
  test('highest first and lowest first; of equals the lower index is first in both', () => {
    const { mostFirst, leastFirst } = v.ordersOf([2, -1, 2, 0, -1]);
    expect([...mostFirst]).toEqual([0, 2, 3, 1, 4]);
    expect([...leastFirst]).toEqual([1, 4, 3, 0, 2]);
  });

  test('a value that is no number has no rank', () => {
    expect(() => v.ordersOf([1, NaN])).toThrow('Value 1 of the map is NaN, which has no rank.');
  });

  test('after step t, round(t n / 14) patches are gone, on any grid', () => {
    for (const grid of [
      [14, 14],
      [3, 3],
      [1, 1],
      [5, 7],
      [24, 24],
    ] as const) {
      const count = grid[0] * grid[1];
      const plan = new v.RemovalPlan();
      const map = { grid, values: Float64Array.from({ length: count }, random) };
      const { mostFirst, leastFirst } = plan.add(map);
      const gone = (places: readonly number[]): number[] =>
        places.map((place) => plan.states[place].reduce((a, b) => a + b, 0));
      const expected = Array.from({ length: 15 }, (_, t) => Math.round((t * count) / 14));
      expect([gone(mostFirst), gone(leastFirst)]).toEqual([expected, expected]);
    }
  });

  test('what is gone is what the order says, and each state is looked at once', () => {
    const plan = new v.RemovalPlan(2);
    const first = plan.add({ grid: [2, 2], values: [4, 1, 3, 2] });
    expect(plan.states.map((state) => [...state].join(''))).toEqual(['0000', '1010', '1111', '0101']);
    expect(first).toEqual({ mostFirst: [0, 1, 2], leastFirst: [0, 3, 2] });
    // The same order from other numbers, and the opposite one: nothing new.
    expect(plan.add({ grid: [2, 2], values: [9, -8, 7, 0] })).toEqual(first);
    expect(plan.add({ grid: [2, 2], values: [-4, -1, -3, -2] })).toEqual({
      mostFirst: [0, 3, 2],
      leastFirst: [0, 1, 2],
    });
    expect(plan.states).toHaveLength(4);
  });

  test('14 steps in both orders are 28 states: both ends are shared', () => {
    const plan = new v.RemovalPlan();
    plan.add({ grid: [14, 14], values: Float64Array.from({ length: 196 }, (_, i) => i) });
    expect(plan.states).toHaveLength(28);
  });
});

describe(`a linear model, whose curves are known in closed form (seed ${seed})`, () => {
  /*
   * The score is the sum of what is left, patch by patch worth 0, 1 ... n - 1, n = 14 m: by its own values as the map, least
   * first is left after t steps what the n - tm largest are worth, most first what the n - tm smallest are, a difference of
   * tm (n - tm). So SRG = m^2 / K sum over t of t (K - t) = m^2 (K^2 - 1) / 6.
   */
  const [rows, columns] = [7, 6];
  const m = (rows * columns) / v.usualSteps;
  const worth = shuffledOf(Array.from({ length: rows * columns }, (_, i) => i));
  const linear = (left: readonly number[]): v.StepReading => {
    const sum = left.reduce((total, patch) => total + worth[patch], 0);
    return { score: sum, probability: sum / 861, isFirst: true };
  };
  const srg = (values: readonly number[]): number | undefined =>
    scored('srg', { grid: [rows, columns], values }, linear);
  const best = (m ** 2 * (v.usualSteps ** 2 - 1)) / 6;

  test('the right map has the largest gain there is, the inverted one the same below 0', () => {
    expect(srg(worth)).toBeCloseTo(best, 9);
    expect(srg(worth.map((value) => -value))).toBeCloseTo(-best, 9);
    expect(Math.abs(srg(shuffledOf(worth))!)).toBeLessThan(best);
  });

  test('constant maps and maps of zeros gain exactly 0', () => {
    for (const value of [1, 0, -2]) expect(srg(worth.map(() => value))).toBe(0);
  });

  test('only the order of values counts', () => {
    expect(srg(worth.map((value) => value ** 3 - 1e6))).toBe(srg(worth));
  });

  test('deletion and insertion are the areas under their curves, and their difference is the gap', () => {
    const map = { grid: [rows, columns] as const, values: worth };
    const [deletion, insertion, abpc] = ['deletion', 'insertion', 'abpc'].map((name) =>
      scored(name, map, linear)!,
    );
    // What is left of n patches, k of them gone: most first the n - k smallest, (n - k)(n - k - 1) / 2.
    const n = rows * columns;
    const left = Array.from({ length: 15 }, (_, t) => ((n - t * m) * (n - t * m - 1)) / 2 / 861);
    const trapezoids = left.slice(1).reduce((sum, height, t) => sum + (height + left[t]) / 2, 0) / 14;
    expect(deletion).toBeCloseTo(trapezoids, 12);
    expect(insertion - deletion).toBeCloseTo(best / 861, 12);
    expect(abpc).toBeCloseTo(insertion - deletion, 12);
  });
});

test('without probabilities there is a gain, and neither deletion, insertion, gap nor perturbation', () => {
  const read = (left: readonly number[]): v.StepReading => ({
    score: left.length,
    probability: undefined,
    isFirst: undefined,
  });
  const map = { grid: [2, 7] as const, values: Array.from({ length: 14 }, random) };
  expect(scored('srg', map, read)).toBe(0);
  for (const name of ['deletion', 'insertion', 'abpc']) expect(scored(name, map, read)).toBeUndefined();
});

describe('what logits say of a class', () => {
  const logits = Float32Array.from([1, 3, 0]);
  test('its logit, its probability, and whether it is the first', () => {
    const total = Math.exp(1) + Math.exp(3) + 1;
    const { score, probability, isFirst } = v.readClass(logits, { index: 1 });
    expect([score, isFirst]).toEqual([3, true]);
    expect(probability).toBeCloseTo(Math.exp(3) / total, 14);
    expect(v.readClass(logits, { index: 2 }).isFirst).toBe(false);
  });
  test('of a contrast the difference, and the probability of the first', () => {
    expect(v.readClass(logits, { index: 0, against: 1 })).toMatchObject({ score: -2, isFirst: false });
  });
  test('large logits do not overflow', () => {
    expect(v.readClass(Float32Array.from([1e4, -1e4]), { index: 0 }).probability).toBe(1);
  });
  test('a class that there is not is refused', () => {
    expect(() => v.readClass(logits, { index: 3 })).toThrow(v.ShapeError);
  });
});

describe("Chefer's perturbation test", () => {
  test('a tenth more of the pixels is black at each step, the hottest or the coldest first', () => {
    // One pixel a patch: upsampling leaves the map alone.
    const values = [0.5, -1, 3, 0, 2, -2, 1, -3, 4, 5];
    const { mostFirst, leastFirst } = v.pixelStates({ grid: [2, 5], values }, { width: 5, height: 2 });
    const black = (states: readonly Uint8Array[]) =>
      states.map((state) => [...state.keys()].filter((pixel) => state[pixel] === 1));
    const order = [9, 8, 2, 4, 6, 0, 3, 1, 5, 7];
    const first = (pixels: readonly number[]) =>
      v.blackened.map((tenth) => pixels.slice(0, tenth).sort((a, b) => a - b));
    expect(black(mostFirst)).toEqual(first(order));
    expect(black(leastFirst)).toEqual(first([...order].reverse()));
  });

  test('the score is the area under the accuracy', () => {
    const readings = (...firsts: boolean[]): v.StepReading[] =>
      firsts.map((isFirst) => ({ score: 0, probability: 0, isFirst }));
    const [positive, negative] = ['perturbation+', 'perturbation-'].map((name) =>
      v.measures
        .find((measure) => measure.name === name)!
        .of({
          map: { grid: [1, 1], values: [1] },
          pixels: { mostFirst: readings(true, false, false), leastFirst: readings(true, true, false) },
        }),
    );
    expect([positive, negative]).toEqual([0.25, 0.75]);
  });
});

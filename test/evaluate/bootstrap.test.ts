import { describe, expect, test } from '@jest/globals';
import { quantile, rankCorrelation, ranksOf, Resamples } from '../../src/evaluate/index.js';
import { ShapeError, UsageError } from '../../src/index.js';
import { generator, seed } from '../support/random.js';

/*
 * Against SciPy 1.17.1, `scipy.stats.bootstrap(..., method='percentile', n_resamples=1000000)`, whose own random numbers move the
 * ends by .0005, and NumPy's percentile. The rows here are the same in every run: with 20000 of them the ends' standard error is
 * .002.
 */
const rows = 20_000;
const close = 0.008;

describe('intervals by bootstrap', () => {
  test('of the mean of ten pictures', () => {
    const values = [0.12, 0.55, 0.31, 0.98, 0.43, 0.77, 0.05, 0.64, 0.81, 0.29];
    const resamples = new Resamples(values.length, { rows });
    const pictures = values.map((value) => [value]);
    const interval = resamples.interval(pictures)!;
    expect(interval.mean).toBeCloseTo(0.495, 14);
    expect(interval.count).toBe(10);
    expect(Math.abs(interval.low - 0.316)).toBeLessThan(close);
    expect(Math.abs(interval.high - 0.676)).toBeLessThan(close);
    const narrower = resamples.interval(pictures, 0.9)!;
    expect(Math.abs(narrower.low - 0.343)).toBeLessThan(close);
    expect(Math.abs(narrower.high - 0.648)).toBeLessThan(close);
  });

  test('of pictures with two objects, which are drawn together', () => {
    const pictures = [
      ...[[0.9, 0.7], [0.2], [0.55, 0.61], [0.31], [0.77], [0.05, 0.4]],
      ...[[0.98], [0.66, 0.12], [0.43], [0.81], [0.29, 0.35], [0.6]],
    ];
    const { mean, low, high, count } = new Resamples(12, { rows }).interval(pictures)!;
    expect(mean).toBeCloseTo(8.73 / 17, 14);
    expect(count).toBe(17);
    expect(Math.abs(low - 0.384)).toBeLessThan(close);
    expect(Math.abs(high - 0.658)).toBeLessThan(close);
  });

  test('the same numbers give the same interval, and other rows hardly another one', () => {
    const pictures = Array.from({ length: 30 }, (_, i) => [Math.sin(i)]);
    const interval = new Resamples(30).interval(pictures);
    expect(new Resamples(30).interval(pictures)).toEqual(interval);
    expect(new Resamples(30, { seed: 1 }).interval(pictures)).not.toEqual(interval);
  });

  test('a constant has no width; nothing has no interval; pictures without a value are no zeros', () => {
    const resamples = new Resamples(3);
    expect(resamples.interval([[2], [2], [2]])).toEqual({ mean: 2, low: 2, high: 2, count: 3 });
    expect(resamples.interval([[], [], []])).toBeUndefined();
    expect(resamples.interval([[4], [], []])).toEqual({ mean: 4, low: 4, high: 4, count: 1 });
  });

  test('what makes no sense is refused', () => {
    expect(() => new Resamples(0)).toThrow(UsageError);
    expect(() => new Resamples(2).interval([[1]])).toThrow(ShapeError);
  });
});

test('quantiles are those of NumPy', () => {
  const sorted = [1, 2, 3, 7, 10];
  const shares = [0.025, 0.5, 0.975, 0.33];
  [1.1, 3, 9.7, 2.32].forEach((expected, i) => {
    expect(quantile(sorted, shares[i])).toBeCloseTo(expected, 12);
  });
  expect(quantile([], 0.5)).toBeUndefined();
});

describe(`rank correlation (seed ${seed})`, () => {
  test('equals share their rank, and the correlation is that of SciPy', () => {
    const a = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
    const b = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8];
    expect([...ranksOf(a)]).toEqual([4.5, 1.5, 6, 1.5, 7.5, 10, 3, 9, 7.5, 4.5]);
    expect(rankCorrelation(a, b)).toBeCloseTo(0.13471506281091267, 14);
  });

  test('only the order counts; opposite orders are at -1', () => {
    const random = generator();
    const values = Array.from({ length: 50 }, random);
    expect(
      rankCorrelation(
        values,
        values.map((value) => value ** 3 - 5),
      ),
    ).toBeCloseTo(1, 12);
    expect(
      rankCorrelation(
        values,
        values.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 12);
  });

  test('constant maps and those that are no numbers have no order', () => {
    expect(rankCorrelation([0, 0, 0], [1, 2, 3])).toBeUndefined();
    expect(rankCorrelation([1, NaN, 2], [1, 2, 3])).toBeUndefined();
    expect(() => rankCorrelation([1], [1, 2])).toThrow(ShapeError);
  });
});

import { describe, expect, test } from '@jest/globals';
import { confusion, metricsOf, rocAuc, topK } from '../../src/train/metrics/index.js';
import { generator, randomValues, seed } from '../support/random.js';

/** Computed with scikit-learn 1.2.1; the seventh class is neither shown nor ever left out of the scores. */
const golden = {
  labels: [0, 1, 2, 3, 4, 5, 0, 5, 5, 3, 2, 3, 1, 1],
  scores: [
    [0.219, 0.021, 0.181, 0.012, 0.187, 0.266, 0.114],
    [0.237, 0.225, 0.008, 0.195, 0.091, 0.145, 0.099],
    [0.202, 0.128, 0.131, 0.158, 0.227, 0.089, 0.065],
    [0.067, 0.166, 0.173, 0.217, 0.16, 0.15, 0.067],
    [0.028, 0.202, 0.172, 0.112, 0.215, 0.126, 0.145],
    [0.081, 0.088, 0.138, 0.259, 0.177, 0.173, 0.084],
    [0.282, 0.08, 0.078, 0.199, 0.034, 0.187, 0.14],
    [0.162, 0.172, 0.159, 0.159, 0.086, 0.184, 0.078],
    [0.193, 0.11, 0.151, 0.021, 0.082, 0.365, 0.078],
    [0.208, 0.196, 0.218, 0.156, 0.18, 0.02, 0.022],
    [0.071, 0.054, 0.226, 0.046, 0.197, 0.067, 0.339],
    [0.134, 0.107, 0.139, 0.128, 0.183, 0.166, 0.143],
    [0.102, 0.196, 0.158, 0.14, 0.193, 0.134, 0.077],
    [0.123, 0.098, 0.042, 0.16, 0.174, 0.215, 0.188],
  ],
  accuracy: 0.42857142857142855,
  top5: 0.8571428571428571,
  precision: 0.40476190476190477,
  recall: 0.4047619047619047,
  f1: 0.35306122448979593,
  auc: 0.7737956487956489,
  confusion: [
    [1, 0, 0, 0, 0, 1, 0],
    [1, 1, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 1, 0, 1],
    [0, 0, 1, 1, 1, 0, 0],
    [0, 0, 0, 0, 1, 0, 0],
    [0, 0, 0, 1, 0, 2, 0],
    [0, 0, 0, 0, 0, 0, 0],
  ],
};

describe(`what a classifier is worth (seed ${seed})`, () => {
  test("equals scikit-learn's values", () => {
    const found = metricsOf(golden.scores.flat(), golden.labels);
    expect(found.pictures).toBe(golden.labels.length);
    for (const name of ['accuracy', 'top5', 'precision', 'recall', 'f1', 'auc'] as const) {
      expect(found[name]).toBeCloseTo(golden[name], 12);
    }
    expect([...found.confusion.counts]).toEqual(golden.confusion.flat());
  });

  test('the area is that of all pairs, one by one, ties counting half', () => {
    const random = generator();
    const [pictures, classes] = [40, 3];
    const labels = Array.from(randomValues(pictures, random, 0, classes), Math.floor);
    const scores = Array.from(randomValues(pictures * classes, random, 0, 10), Math.floor);
    const areas = [0, 1, 2].flatMap((label) => {
      const of = (own: boolean) =>
        labels.flatMap((one, i) => ((one === label) === own ? [scores[i * classes + label]] : []));
      const [inside, outside] = [of(true), of(false)];
      if (inside.length === 0 || outside.length === 0) return [];
      const pairs = inside.flatMap((a) => outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
      return [pairs.reduce((sum: number, value) => sum + value, 0) / pairs.length];
    });
    expect(rocAuc(scores, labels)).toBeCloseTo(areas.reduce((a, b) => a + b) / areas.length, 12);
  });

  test('of equal scores the lower number is first', () => {
    expect(topK([1, 1, 1], [0], 1)).toBe(1);
    expect(topK([1, 1, 1], [2], 2)).toBe(0);
    expect([...confusion([0, 1, 1], [0, 0, 1], 2).counts]).toEqual([1, 1, 0, 1]);
  });

  test('scores that are no numbers are right about nothing, and come to an end', () => {
    const scores = new Array<number>(6).fill(NaN);
    expect(topK(scores, [0, 1], 1)).toBe(0);
    expect(topK(scores, [0, 1], 2)).toBe(0);
    expect(Number.isFinite(rocAuc(scores, [0, 1]))).toBe(true);
  });

  test('with one class alone nothing can be told apart, and few classes have no top 5', () => {
    expect(rocAuc([0.2, 0.8, 0.3, 0.7], [1, 1])).toBeNaN();
    expect(metricsOf([0.2, 0.8, 0.3, 0.7], [1, 0]).top5).toBeUndefined();
  });
});

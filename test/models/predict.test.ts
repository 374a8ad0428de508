import { describe, expect, test } from '@jest/globals';
import { mostProbable } from '../../src/models/predict.js';

describe('the most probable classes', () => {
  const labels = ['tench, Tinca tinca', 'hen', ' cock , rooster', 'ostrich'];

  test('come first, by the first of their names, with a softmax over all', () => {
    const logits = [Math.log(2), Math.log(5), Math.log(1), Math.log(2)];
    const found = mostProbable(Float64Array.from(logits), labels, 3);
    expect(found.map(({ index, label }) => [index, label])).toEqual([
      [1, 'hen'],
      // Of equals, the higher index.
      [3, 'ostrich'],
      [0, 'tench'],
    ]);
    for (const { index, logit, probability } of found) {
      expect(logit).toBe(logits[index]);
      expect(probability).toBeCloseTo(Math.exp(logits[index]) / 10, 14);
    }
    expect(mostProbable(Float64Array.from(logits), labels, 9)).toHaveLength(4);
  });

  test('have probabilities where the exponential of a logit would be infinite, or all would be 0', () => {
    for (const far of [1e4, -1e4]) {
      const found = mostProbable(Float64Array.of(far - Math.log(3), far, -2e4, -2e4), labels, 2);
      expect(found.map(({ index }) => index)).toEqual([1, 0]);
      expect(found[0].probability).toBeCloseTo(0.75, 10);
      expect(found[1].probability).toBeCloseTo(0.25, 10);
    }
  });
});

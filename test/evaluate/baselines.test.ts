import { describe, expect, test } from '@jest/globals';
import {
  centreGaussianBaseline,
  energy,
  randomBaseline,
  saliency,
  uniformBaseline,
} from '../../src/evaluate/index.js';
import { UsageError } from '../../src/index.js';
import { seed } from '../support/random.js';

describe('baselines', () => {
  test('uniform: one value everywhere', () => {
    const { grid, values } = uniformBaseline([2, 3]);
    expect(grid).toEqual([2, 3]);
    expect(Array.from(values)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('centre Gaussian: as far as the formula says, along both axes of a grid that is not square', () => {
    // Patch centres lie at -1/4, 1/4 down and at -1/3, 0, 1/3 across, in sides; sigma is 1/2.
    const { grid, values } = centreGaussianBaseline([2, 3], 0.5);
    expect(grid).toEqual([2, 3]);
    const [middle, corner] = [Math.exp(-1 / 8), Math.exp(-(1 / 8 + 2 / 9))];
    [corner, middle, corner, corner, middle, corner].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 14);
    });
  });

  test('centre Gaussian: a quarter of each side by default, and a narrower one lies closer to the centre', () => {
    expect(centreGaussianBaseline([3, 5])).toEqual(centreGaussianBaseline([3, 5], 0.25));
    const central = (sigma: number): number => {
      const middle = { width: 3, height: 3, values: [0, 0, 0, 0, 1, 0, 0, 0, 0] };
      return energy(saliency(centreGaussianBaseline([3, 3], sigma), middle), middle);
    };
    expect(central(0.2)).toBeGreaterThan(central(0.3));
    expect(central(0.3)).toBeGreaterThan(1 / 9);
    for (const sigma of [0, -1, NaN]) expect(() => centreGaussianBaseline([3, 3], sigma)).toThrow(UsageError);
  });

  test(`random: decided by the seed, spread over [0, 1) (seed ${seed})`, () => {
    const { grid, values } = randomBaseline([100, 100], seed);
    expect(grid).toEqual([100, 100]);
    expect(randomBaseline([100, 100], seed).values).toEqual(values);
    expect(randomBaseline([100, 100], seed + 1).values).not.toEqual(values);
    const numbers = Array.from(values);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    // The mean of n uniform numbers has standard deviation 1 / sqrt(12 n) = 0.0029: seven of them.
    const mean = numbers.reduce((left, right) => left + right) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    const lower = numbers.filter((value) => value < 0.25).length / numbers.length;
    expect(Math.abs(lower - 0.25)).toBeLessThan(0.03);
  });
});

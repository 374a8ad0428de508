import { UsageError } from '../errors.js';
import { aNumber, described, expectGiven } from '../given.js';
import type { PatchMap } from '../image/index.js';
import { aGrid } from '../image/given.js';
import { Random } from '../random.js';

/*
 * Maps that know nothing of the picture. Their scores belong beside those of every method: what a method is worth
 * is its distance from them.
 */

/** The same everywhere. */
export function uniformBaseline(grid: PatchMap['grid']): PatchMap {
  return { grid, values: valuesOf(grid, () => 1) };
}

/**
 * A Gaussian about the centre, stretched to the grid's proportions: photographers put their subject there.
 * @param sigma standard deviation, as a share of each side; default 0.25
 * @throws UsageError unless sigma is above 0
 */
export function centreGaussianBaseline(grid: PatchMap['grid'], sigma = 0.25): PatchMap {
  if (!(typeof sigma === 'number' && sigma > 0)) {
    throw new UsageError(
      `The standard deviation of the centre baseline is ${described(sigma)}; it must be above 0.`,
    );
  }
  const values = valuesOf(grid, (row, column) => {
    const [rows, columns] = grid;
    const [down, across] = [(row + 0.5) / rows - 0.5, (column + 0.5) / columns - 0.5];
    return Math.exp(-(down * down + across * across) / (2 * sigma * sigma));
  });
  return { grid, values };
}

/**
 * Uniform noise in [0, 1), the same for the same seed.
 * @param seed a whole number; its lowest 32 bits count
 */
export function randomBaseline(grid: PatchMap['grid'], seed: number): PatchMap {
  expectGiven('The seed of a baseline', seed, aNumber);
  const random = new Random(seed);
  return { grid, values: valuesOf(grid, () => random.next()) };
}

function valuesOf(grid: PatchMap['grid'], value: (row: number, column: number) => number): Float64Array {
  expectGiven('The grid of a baseline', grid, aGrid);
  const [rows, columns] = grid;
  return Float64Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));
}

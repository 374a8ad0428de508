import type { Values } from '../../tensor/index.js';

/** What a table says of a map. */
export interface Statistics {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Standard deviation over the patches. */
  readonly deviation: number;
  /** Row and column of the patch that has the largest value, counted from 0; the first of several. */
  readonly peak: readonly [number, number];
  /**
   * The smallest share of patches that hold half of all positive values: small for a map that points at one place. Null where
   * none is positive.
   */
  readonly half: number | null;
}

/** @param values row by row */
export function statisticsOf(values: Values, [, columns]: readonly [number, number]): Statistics {
  const numbers = Array.from(values);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  const maximum = numbers.reduce((most, value) => Math.max(most, value), -Infinity);
  const peak = numbers.indexOf(maximum);
  return {
    minimum: numbers.reduce((least, value) => Math.min(least, value), Infinity),
    maximum,
    mean,
    deviation: Math.sqrt(variance),
    peak: [Math.floor(peak / columns), peak % columns],
    half: halfOf(numbers),
  };
}

function halfOf(numbers: readonly number[]): number | null {
  const positive = numbers.filter((value) => value > 0).sort((a, b) => b - a);
  const total = positive.reduce((sum, value) => sum + value, 0);
  if (total === 0) return null;
  let [held, count] = [0, 0];
  while (held < total / 2) held += positive[count++];
  return count / numbers.length;
}

import { ShapeError } from '../errors.js';
import { expectGiven, wholeNumber } from '../given.js';
import { Random } from '../random.js';

/** A mean, and where it would lie in 95 of 100 data sets like this one. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Values that it is the mean of. */
  readonly count: number;
}

/** Data sets drawn from the pictures that there are, each of as many, with putting back: rows of picture numbers. */
export class Resamples {
  readonly #rows: readonly Uint32Array[];

  /**
   * @param pictures how many there are
   * @param seed a whole number; the same rows for the same seed, so that what is compared has been through the same
   */
  constructor(
    readonly pictures: number,
    { rows = 1000, seed = 0 }: { readonly rows?: number; readonly seed?: number } = {},
  ) {
    expectGiven('Resamples: the number of pictures', pictures, wholeNumber(1));
    expectGiven('Resamples: the number of rows', rows, wholeNumber(1));
    const random = new Random(seed, pictures);
    this.#rows = Array.from({ length: rows }, () =>
      Uint32Array.from({ length: pictures }, () => random.integer(pictures)),
    );
  }

  /**
   * The mean of all values and its interval, by percentiles of the means of the rows. What is drawn are pictures, with all the
   * values that each has: two objects in one picture are no two pictures.
   * Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
   * @param values of each picture; none of one in which the measure has no meaning
   * @returns undefined if there is no value at all
   */
  interval(values: readonly (readonly number[])[], level = 0.95): Interval | undefined {
    if (values.length !== this.pictures) {
      throw new ShapeError(
        `Values of ${values.length} pictures were given; these rows are of ${this.pictures}.`,
      );
    }
    const sums = Float64Array.from(values, (own) => own.reduce((sum, value) => sum + value, 0));
    const counts = Float64Array.from(values, (own) => own.length);
    const total = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0);
    if (total(counts) === 0) return undefined;
    const means = new Float64Array(this.#rows.length);
    let told = 0;
    // Mostly each picture has as many values.
    const same = counts.every((count) => count === counts[0]) ? counts[0] * this.pictures : undefined;
    for (const row of this.#rows) {
      const sum = sumOf(row, sums);
      const count = same ?? sumOf(row, counts);
      // A row of pictures that all have no value says nothing.
      if (count > 0) means[told++] = sum / count;
    }
    const sorted = means.subarray(0, told).sort();
    const mean = total(sums) / total(counts);
    const [low, high] = [(1 - level) / 2, (1 + level) / 2].map((share) => quantile(sorted, share) ?? mean);
    return { mean, low, high, count: total(counts) };
  }
}

/** A loop on its own, by index: there are 80,000 steps a cell of a table, and over the row itself each would be a call. */
function sumOf(row: Uint32Array, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += values[row[i]];
  return sum;
}

/**
 * The value below which a share of the others lies; between two, on the line from one to the other.
 * Source: NumPy, `percentile`; Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, type 7.
 * @param sorted in rising order
 * @returns undefined of nothing
 */
export function quantile(sorted: ArrayLike<number>, share: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

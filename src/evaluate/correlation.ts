import { ShapeError } from '../errors.js';

/** The places of values in their order, from 1 for the lowest; equals share the mean of theirs. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let place = first; place < end; place++) ranks[order[place]] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation of two maps of one grid: 1 where they put patches in the same order, -1 in the opposite one.
 * @returns undefined if one is constant, which has no order, or holds a value that is not finite
 * @throws ShapeError if they differ in size
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length !== b.length) {
    throw new ShapeError(
      `Maps of ${a.length} and ${b.length} values have no correlation; give two of one size.`,
    );
  }
  if (![a, b].every((values) => Array.from(values).every(Number.isFinite))) return undefined;
  return correlation(ranksOf(a), ranksOf(b));
}

function correlation(x: Float64Array, y: Float64Array): number | undefined {
  // Ranks have the same mean, whatever ties.
  const mean = (x.length + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [x[i] - mean, y[i] - mean];
    xx += u * u;
    yy += v * v;
    xy += u * v;
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

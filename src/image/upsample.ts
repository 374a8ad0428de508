import { ShapeError } from '../errors.js';

/** For each pixel of one axis: the two patches it lies between, and how far it is on the way to the second. */
export interface SamplePositions {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Bilinear positions of `pixels` pixel centres in a row of `patches` patches that fills `from`..`to` (pixels).
 * Beyond the outermost patch centres the outermost patch goes on.
 */
export function samplePositions(pixels: number, from: number, to: number, patches: number): SamplePositions {
  const first = new Int32Array(pixels);
  const second = new Int32Array(pixels);
  const weight = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const position = ((i + 0.5 - from) / (to - from)) * patches - 0.5;
    const inside = Math.min(patches - 1, Math.max(0, position));
    first[i] = Math.floor(inside);
    second[i] = Math.min(patches - 1, first[i] + 1);
    weight[i] = inside - first[i];
  }
  return { first, second, weight };
}

/**
 * Values to 0..1: smallest to 0, largest to 1; or, if `aroundZero`, 0 to 0.5 and the largest magnitude to an end.
 * A constant map has nothing to tell apart and comes out cold everywhere (0, or 0.5 around zero if it is all 0).
 *
 * @throws ShapeError if a value is not finite
 */
export function scaleToUnit(values: ArrayLike<number>, aroundZero: boolean): Float64Array {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new ShapeError(`Value ${i} of the map is ${values[i]}, which has no colour.`);
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (aroundZero) {
    high = Math.max(Math.abs(low), Math.abs(high));
    low = -high;
  }
  const cold = aroundZero ? 0.5 : 0;
  return Float64Array.from(values, (value) => (high > low ? (value - low) / (high - low) : cold));
}

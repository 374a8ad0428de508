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

/** The smallest and the largest value of what shares a scale. */
export type Range = readonly [low: number, high: number];

/**
 * The range of values, or, if `aroundZero`, the narrowest one whose middle is 0.
 *
 * @throws ShapeError if a value is not finite
 */
export function rangeOf(values: ArrayLike<number>, aroundZero: boolean): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new ShapeError(`Value ${i} of the map is ${values[i]}, which has no colour.`);
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return aroundZero ? [-largest, largest] : [low, high];
}

/**
 * Values to 0..1: the lower end of the range to 0, the upper one to 1, and what lies beyond to the nearer of the two. A range
 * of one value has nothing to tell apart: all is cold, 0, or 0.5 around zero.
 */
export function scaleToUnit(
  values: ArrayLike<number>,
  [low, high]: Range,
  aroundZero: boolean,
): Float64Array {
  const cold = aroundZero ? 0.5 : 0;
  const scaled = (value: number): number => Math.min(1, Math.max(0, (value - low) / (high - low)));
  return Float64Array.from(values, (value) => (high > low ? scaled(value) : cold));
}

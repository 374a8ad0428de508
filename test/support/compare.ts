import { expect } from '@jest/globals';

// Constants of the module: inside jest every look-up of a global is slow, and these are called a million times.
const { abs, max, sqrt } = Math;
const { is } = Object;
const { isFinite } = Number;

export interface Difference {
  /** Largest absolute difference. */
  readonly absolute: number;
  /** `|actual - expected| / |expected|` in the Euclidean norm. */
  readonly relative: number;
}

/** How far two arrays are apart; NaN or a missing value counts as infinitely far. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  expect(actual.length).toBe(expected.length);
  let [absolute, squares, norm] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const gap = is(actual[i], expected[i]) ? 0 : abs(actual[i] - expected[i]);
    if (!isFinite(gap)) return { absolute: Infinity, relative: Infinity };
    absolute = max(absolute, gap);
    squares += gap * gap;
    norm += expected[i] ** 2;
  }
  return { absolute, relative: squares === 0 ? 0 : sqrt(squares / norm) };
}

/** Expects both measures of difference to be within their bounds. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bounds: Partial<Difference>,
): void {
  const found = difference(actual, expected);
  if (bounds.absolute !== undefined) expect(found.absolute).toBeLessThanOrEqual(bounds.absolute);
  if (bounds.relative !== undefined) expect(found.relative).toBeLessThanOrEqual(bounds.relative);
}

/** Whether two arrays hold the same numbers to the last bit. */
export function haveSameBits(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return bytes(a).equals(bytes(b));
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

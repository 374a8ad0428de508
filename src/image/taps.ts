import { expectGiven, oneOf } from '../given.js';

/** For each output position of one axis: the first input it reads, and the weights from there on. */
export interface TapsOf<Weights> {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** [outputs, width]: the weights of one output stand together. */
  readonly weights: Weights;
  readonly width: number;
}

/** Weights in fixed point. */
export type Taps = TapsOf<Int32Array>;

// 32 bits hold the sum: 8 are the pixel's, 2 are headroom for the lobes below 0 and above 1.
export const PRECISION_BITS = 32 - 8 - 2;

interface Filter {
  /** Beyond this distance it is 0. */
  readonly radius: number;
  /** Weight of what lies at a distance, pixels. */
  readonly of: (distance: number) => number;
}

/** Pillow's, under its names. */
export const filters = {
  /** Cubic convolution (Keys 1981) with a = -0.5. */
  bicubic: {
    radius: 2,
    of: (distance) => {
      const a = -0.5;
      const x = Math.abs(distance);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
      return 0;
    },
  },
  /** A triangle. */
  bilinear: { radius: 1, of: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  /** A sinc function in the window of a wider one. */
  lanczos: { radius: 3, of: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

export type Interpolation = keyof typeof filters;

/** @throws UsageError if there is none of that name */
export function filterOf(interpolation: Interpolation): Filter {
  expectGiven('The interpolation', interpolation, oneOf(Object.keys(filters)));
  return filters[interpolation];
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * The weights that resample an axis of `inputSize` pixels to `outputSize`, for the outputs `from` to
 * `from + outputs` only. They sum to 1.
 */
export function exactTaps(
  inputSize: number,
  outputSize: number,
  from: number,
  outputs: number,
  interpolation: Interpolation,
): TapsOf<Float64Array> {
  const filter = filterOf(interpolation);
  const scale = inputSize / outputSize;
  // Shrinking widens the filter by the same factor: that is what makes it antialiased.
  const filterScale = Math.max(scale, 1);
  const support = filter.radius * filterScale;
  const width = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Float64Array(outputs * width);
  for (let i = 0; i < outputs; i++) {
    const center = (from + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const length = Math.min(inputSize, Math.trunc(center + support + 0.5)) - start;
    const own = weights.subarray(i * width, i * width + length);
    let sum = 0;
    for (let k = 0; k < length; k++) {
      own[k] = filter.of((k + start - center + 0.5) * (1 / filterScale));
      sum += own[k];
    }
    for (let k = 0; k < length; k++) own[k] /= sum;
    first[i] = start;
    count[i] = length;
  }
  return { first, count, weights, width };
}

/** The same, rounded to fixed point. */
export function computeTaps(...axis: Parameters<typeof exactTaps>): Taps {
  const exact = exactTaps(...axis);
  const weights = Int32Array.from(exact.weights, (weight) => {
    const fixed = weight * (1 << PRECISION_BITS);
    return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
  });
  return { ...exact, weights };
}

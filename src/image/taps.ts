/** For each output position of one axis: the first input it reads, and the fixed-point weights from there on. */
export interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** [outputs, width]: the weights of one output stand together. */
  readonly weights: Int32Array;
  readonly width: number;
}

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

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * The weights that resample an axis of `inputSize` pixels to `outputSize`, for the outputs `from` to
 * `from + outputs` only. They are normalised to sum 1 before they are rounded to fixed point.
 */
export function computeTaps(
  inputSize: number,
  outputSize: number,
  from: number,
  outputs: number,
  interpolation: Interpolation,
): Taps {
  const filter = filters[interpolation];
  const scale = inputSize / outputSize;
  // Shrinking widens the filter by the same factor: that is what makes it antialiased.
  const filterScale = Math.max(scale, 1);
  const support = filter.radius * filterScale;
  const width = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Int32Array(outputs * width);
  const exact = new Float64Array(width);
  for (let i = 0; i < outputs; i++) {
    const center = (from + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const length = Math.min(inputSize, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let k = 0; k < length; k++) {
      exact[k] = filter.of((k + start - center + 0.5) * (1 / filterScale));
      sum += exact[k];
    }
    first[i] = start;
    count[i] = length;
    for (let k = 0; k < length; k++) {
      const fixed = (exact[k] / sum) * (1 << PRECISION_BITS);
      weights[i * width + k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
  }
  return { first, count, weights, width };
}

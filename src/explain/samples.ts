import { constant, matmul, reshape, type Shape, type Tensor, type Values } from '../tensor/index.js';
import type { Pass } from './pass.js';

/*
 * Some maps are means over samples, each of which is a pass of its own: over points of a path, or over noisy copies of the
 * picture. There are too many for one run, so such a method says what a part of them contributes, and whoever runs it adds the
 * parts up.
 */

/** What a mean is over. */
export interface Sampling<Options> {
  /** How many samples there are. */
  readonly count: (options: Options) => number;
  /** Of one sample. */
  readonly shape: (pass: Pass) => Shape;
  /** The numbers of one, the same at each call. @param size how many they are */
  readonly values: (index: number, size: number, options: Options) => Values;
}

/** Some of the samples, and what each counts. */
export interface Samples {
  /** `[samples, ...shape]` */
  readonly values: Tensor;
  /** One over the number of all, or 0 for one that is none. `[samples]` */
  readonly weights: Tensor;
}

/** All samples at once: right, and large. */
export function allSamples<Options>(sampling: Sampling<Options>, pass: Pass, options: Options): Samples {
  const count = sampling.count(options);
  const shape = sampling.shape(pass);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(count * size);
  for (let index = 0; index < count; index++) values.set(sampling.values(index, size, options), index * size);
  return {
    values: constant(values, [count, ...shape]),
    weights: constant(new Float32Array(count).fill(1 / count), [count]),
  };
}

/**
 * The weighted sum over the samples of each image.
 * @param x of each image's samples side by side. `[batch * samples, ...]`
 * @returns `[batch, ...]`
 */
export function weightedSum(x: Tensor, { weights }: Samples): Tensor {
  const [all, ...rest] = x.shape;
  const [count] = weights.shape;
  const size = rest.reduce((product, extent) => product * extent, 1);
  const flat = reshape(x, [all / count, count, size]);
  return reshape(matmul(reshape(weights, [1, 1, count]), flat), [all / count, ...rest]);
}

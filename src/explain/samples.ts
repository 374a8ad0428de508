import { constant, matmul, reshape, sizeOf, type Shape, type Tensor, type Values } from '../tensor/index.js';
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

/** Numbers of some samples, one behind the other, and what each counts. */
export interface SampleValues {
  readonly values: Float32Array;
  readonly weights: Float32Array;
}

/**
 * The numbers of some samples; behind the last of all they are 0 and count nothing.
 * @param first the number of the first
 * @param some how many
 * @param size of one
 */
export function valuesOfSamples<Options>(
  sampling: Sampling<Options>,
  options: Options,
  { first, some, size }: { readonly first: number; readonly some: number; readonly size: number },
): SampleValues {
  const count = sampling.count(options);
  const values = new Float32Array(some * size);
  const weights = new Float32Array(some);
  for (let i = 0; i < some && first + i < count; i++) {
    values.set(sampling.values(first + i, size, options), i * size);
    weights[i] = 1 / count;
  }
  return { values, weights };
}

/** All samples at once: right, and large. */
export function allSamples<Options>(sampling: Sampling<Options>, pass: Pass, options: Options): Samples {
  const some = sampling.count(options);
  const shape = sampling.shape(pass);
  const { values, weights } = valuesOfSamples(sampling, options, { first: 0, some, size: sizeOf(shape) });
  return { values: constant(values, [some, ...shape]), weights: constant(weights, [some]) };
}

/**
 * The weighted sum over the samples of each image.
 * @param x of each image's samples side by side. `[batch * samples, ...]`
 * @returns `[batch, ...]`
 */
export function weightedSum(x: Tensor, { weights }: Samples): Tensor {
  const [all, ...rest] = x.shape;
  const [count] = weights.shape;
  const flat = reshape(x, [all / count, count, sizeOf(rest)]);
  return reshape(matmul(reshape(weights, [1, 1, count]), flat), [all / count, ...rest]);
}

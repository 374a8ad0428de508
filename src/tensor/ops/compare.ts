import type { Tensor, TensorLike } from '../tensor.js';
import { binary } from './elementwise.js';
import type { Vjp } from '../vjp.js';

/**
 * 1 where `a` equals `b`, 0 elsewhere; shapes broadcast. NaN equals nothing.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return binary('equal', a, b);
}

/**
 * 1 where `a < b`, 0 elsewhere; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return binary('less', a, b);
}

/**
 * 1 where `a > b`, 0 elsewhere; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  return binary('greater', a, b);
}

/** Steps have gradient 0 wherever they have one: nothing passes. */
export const compareVjp: Vjp = () => [null, null];

import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';

/**
 * 1 where `a` equals `b`, 0 elsewhere; shapes broadcast. NaN equals nothing.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return element('equal', a, b);
}

/**
 * 1 where `a < b`, 0 elsewhere; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return element('less', a, b);
}

/**
 * 1 where `a > b`, 0 elsewhere; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  return element('greater', a, b);
}

/** Steps have gradient 0 wherever they have one: nothing passes. */
const comparison: Facts<'element'> = { acts: 'element', zeros: 'nowhere', vjp: () => [null, null] };

export const equalFacts = comparison;
export const lessFacts = comparison;
export const greaterFacts = comparison;

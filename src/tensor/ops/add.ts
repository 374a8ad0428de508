import type { Tensor, TensorLike } from '../tensor.js';
import { binary } from './elementwise.js';
import type { Vjp } from '../vjp.js';

/**
 * `a + b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function add(a: TensorLike, b: TensorLike): Tensor {
  return binary('add', a, b);
}

/** `g` and `g` */
export const addVjp: Vjp = (_, g) => [() => g, () => g];

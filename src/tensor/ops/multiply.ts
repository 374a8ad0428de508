import type { Tensor, TensorLike } from '../tensor.js';
import { binary } from './elementwise.js';
import type { Vjp } from '../vjp.js';

/**
 * `a * b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function multiply(a: TensorLike, b: TensorLike): Tensor {
  return binary('multiply', a, b);
}

/** `g b` and `g a` */
export const multiplyVjp: Vjp = ({ sources: [a, b] }, g) => [() => multiply(g, b), () => multiply(g, a)];

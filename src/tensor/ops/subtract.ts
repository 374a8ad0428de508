import type { Tensor, TensorLike } from '../tensor.js';
import { binary } from './elementwise.js';
import type { Vjp } from '../vjp.js';
import { negate } from './negate.js';

/**
 * `a - b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function subtract(a: TensorLike, b: TensorLike): Tensor {
  return binary('subtract', a, b);
}

/** `g` and `-g` */
export const subtractVjp: Vjp = (_, g) => [() => g, () => negate(g)];

import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';
import type { Vjp } from '../vjp.js';
import { multiply } from './multiply.js';

/** `e to the power x`, element by element. Any shape. */
export function exp(x: TensorLike): Tensor {
  return unary('exp', x);
}

/** `g * exp(x)` */
export const expVjp: Vjp = (y, g) => [() => multiply(g, y)];

import type { Tensor, TensorLike } from '../tensor.js';
import type { Vjp } from '../vjp.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';
import { multiply } from './multiply.js';

/** Square root, element by element; NaN below 0. Any shape. */
export function sqrt(x: TensorLike): Tensor {
  return unary('sqrt', x);
}

/** `g / (2 sqrt(x))` */
export const sqrtVjp: Vjp = (y, g) => [() => divide(multiply(g, 0.5), y)];

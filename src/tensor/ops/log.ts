import type { Tensor, TensorLike } from '../tensor.js';
import type { Vjp } from '../vjp.js';
import { divide } from './divide.js';
import { unary } from './elementwise.js';

/** Natural logarithm, element by element; NaN below 0. Any shape. */
export function log(x: TensorLike): Tensor {
  return unary('log', x);
}

/** `g / x` */
export const logVjp: Vjp = ({ sources: [x] }, g) => [() => divide(g, x)];

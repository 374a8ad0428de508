import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';
import type { Vjp } from '../vjp.js';

/** `-x`, element by element. Any shape. */
export function negate(x: TensorLike): Tensor {
  return unary('negate', x);
}

/** `-g` */
export const negateVjp: Vjp = (_, g) => [() => negate(g)];

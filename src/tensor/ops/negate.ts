import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';

/** `-x`, element by element. Any shape. */
export function negate(x: TensorLike): Tensor {
  return unary('negate', x);
}

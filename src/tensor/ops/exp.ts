import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';

/** `e to the power x`, element by element. Any shape. */
export function exp(x: TensorLike): Tensor {
  return unary('exp', x);
}

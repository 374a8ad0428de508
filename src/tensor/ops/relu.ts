import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';

/** `max(x, 0)`, element by element. Any shape. */
export function relu(x: TensorLike): Tensor {
  return unary('relu', x);
}

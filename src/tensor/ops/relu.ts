import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';
import type { Vjp } from '../vjp.js';
import { greater } from './compare.js';
import { where } from './where.js';

/** `max(x, 0)`, element by element. Any shape. */
export function relu(x: TensorLike): Tensor {
  return unary('relu', x);
}

/** `g` where x > 0, else 0; at 0 itself the gradient is 0, as in PyTorch. */
export const reluVjp: Vjp = ({ sources: [x] }, g) => [() => where(greater(x, 0), g, 0)];

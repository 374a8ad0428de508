import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { greater } from './compare.js';
import { where } from './where.js';

/** `max(x, 0)`, element by element. Any shape. */
export function relu(x: TensorLike): Tensor {
  return element('relu', x);
}

export const reluFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0] },
  /** `g` where x > 0, else 0; at 0 itself the gradient is 0, as in PyTorch. */
  vjp: ({ sources: [x] }, g) => [() => where(greater(x, 0), g, 0)],
};

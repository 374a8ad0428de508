import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';

/** `-x`, element by element. Any shape. */
export function negate(x: TensorLike): Tensor {
  return element('negate', x);
}

export const negateFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0] },
  /** `-g` */
  vjp: (_, g) => [() => negate(g)],
};

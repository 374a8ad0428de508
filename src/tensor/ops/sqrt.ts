import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { divide } from './divide.js';
import { element } from './element.js';
import { multiply } from './multiply.js';

/** Square root, element by element; NaN below 0. Any shape. */
export function sqrt(x: TensorLike): Tensor {
  return element('sqrt', x);
}

export const sqrtFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0] },
  /** `g / (2 sqrt(x))` */
  vjp: (y, g) => [() => divide(multiply(g, 0.5), y)],
};

import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { divide } from './divide.js';
import { element } from './element.js';

/** Natural logarithm, element by element; NaN below 0. Any shape. */
export function log(x: TensorLike): Tensor {
  return element('log', x);
}

export const logFacts: Facts<'element'> = {
  acts: 'element',
  zeros: 'nowhere',
  /** `g / x` */
  vjp: ({ sources: [x] }, g) => [() => divide(g, x)],
};

import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { multiply } from './multiply.js';

/** `e to the power x`, element by element. Any shape. */
export function exp(x: TensorLike): Tensor {
  return element('exp', x);
}

export const expFacts: Facts<'element'> = {
  acts: 'element',
  zeros: 'nowhere',
  /** `g * exp(x)` */
  vjp: (y, g) => [() => multiply(g, y)],
};

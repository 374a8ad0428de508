import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';

/** The logistic function, `1 / (1 + e^-x)`, element by element. Any shape. Its lower tail keeps its relative accuracy. */
export function sigmoid(x: TensorLike): Tensor {
  return element('sigmoid', x);
}

export const sigmoidFacts: Facts<'element'> = {
  acts: 'element',
  zeros: 'nowhere',
  /** `g y (1 - y)`, where `1 - y = sigmoid(-x)` keeps its digits if y is nearly 1. */
  vjp: (y, g) => [() => multiply(g, sigmoidSlope(y.sources[0], y))],
};

/** The derivative at x, where the function has the value y. */
export function sigmoidSlope(x: Tensor, y: Tensor): Tensor {
  return multiply(y, sigmoid(negate(x)));
}

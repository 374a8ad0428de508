import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';

/**
 * The normal distribution function, `Phi(x) = (1 + erf(x / sqrt 2)) / 2`, element by element. Any shape. Its lower tail
 * keeps its relative accuracy.
 */
export function normalCdf(x: TensorLike): Tensor {
  return element('normalCdf', x);
}

export const normalCdfFacts: Facts<'element'> = {
  acts: 'element',
  zeros: 'nowhere',
  /** `g phi(x)`, with the density `phi(x) = e^(-x^2 / 2) / sqrt(2 pi)` */
  vjp: ({ sources: [x] }, g) => [() => multiply(g, normalDensity(x))],
};

/** `phi(x)` */
export function normalDensity(x: Tensor): Tensor {
  return multiply(exp(multiply(multiply(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

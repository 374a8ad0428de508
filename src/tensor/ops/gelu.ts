import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { multiply } from './multiply.js';
import { normalDensity } from './normal-cdf.js';
import { subtract } from './subtract.js';

/**
 * The exact Gaussian error linear unit, `x * Phi(x)` with Phi the normal distribution function, element by
 * element; not the tanh approximation. Any shape.
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2.
 */
export function gelu(x: TensorLike): Tensor {
  return element('gelu', x);
}

export const geluFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0] },
  vjp: ({ sources: [x] }, g) => [() => geluGradient(x, g)],
};

/** `g * (Phi(x) + x phi(x))` */
function geluGradient(x: Tensor, g: Tensor): Tensor {
  return element('geluGradient', x, g);
}

export const geluGradientFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [1] },
  /** With respect to x, by `phi' = -x phi`: `h g phi(x) (2 - x^2)`; linear in g. */
  vjp: ({ sources: [x, g] }, h) => [
    () => {
      return multiply(multiply(h, g), multiply(normalDensity(x), subtract(2, multiply(x, x))));
    },
    () => geluGradient(x, h),
  ],
};

import type { Tensor, TensorLike } from '../tensor.js';
import { binary, unary } from './elementwise.js';
import type { Vjp } from '../vjp.js';
import { exp } from './exp.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';

/**
 * The exact Gaussian error linear unit, `x * Phi(x)` with Phi the normal distribution function, element by
 * element; not the tanh approximation. Any shape.
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2.
 */
export function gelu(x: TensorLike): Tensor {
  return unary('gelu', x);
}

/** `g * (Phi(x) + x phi(x))` */
export const geluVjp: Vjp = ({ sources: [x] }, g) => [() => binary('geluGradient', x, g)];

/** With respect to x, by `phi' = -x phi`: `h g phi(x) (2 - x^2)`; linear in g. */
export const geluGradientVjp: Vjp = ({ sources: [x, g] }, h) => [
  () => {
    const square = multiply(x, x);
    const density = multiply(exp(multiply(square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return multiply(multiply(h, g), multiply(density, subtract(2, square)));
  },
  () => binary('geluGradient', x, h),
];

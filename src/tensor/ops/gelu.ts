import type { Tensor, TensorLike } from '../tensor.js';
import { unary } from './elementwise.js';

/**
 * The exact Gaussian error linear unit, `x * Phi(x)` with Phi the normal distribution function, element by
 * element; not the tanh approximation. Any shape.
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2.
 */
export function gelu(x: TensorLike): Tensor {
  return unary('gelu', x);
}

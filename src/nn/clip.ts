import { ShapeError } from '../errors.js';
import { above0, expectGiven } from '../given.js';
import { add, divide, multiply, relu, sqrt, subtract, sum, type Tensor } from '../tensor/index.js';
import { checkTensorList } from '../tensor/tensor.js';

/**
 * Scales gradients down together so that their joint Euclidean norm is at most `largest`.
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 * @param largest above 0
 * @throws UsageError if the largest norm is no such number, ShapeError if there is no gradient
 * @returns the gradients in the same order, and the norm that they had before. Shape []
 */
export function clipByNorm(
  gradients: readonly Tensor[],
  largest: number,
): { readonly gradients: Tensor[]; readonly norm: Tensor } {
  checkTensorList('clipByNorm', gradients);
  if (gradients.length === 0) throw new ShapeError('clipByNorm: at least one gradient is needed.');
  expectGiven('clipByNorm: the largest norm', largest, above0);
  const squares = gradients.map((gradient) => sum(multiply(gradient, gradient)));
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  // largest / max(norm, largest)
  const scale = divide(largest, add(relu(subtract(norm, largest)), largest));
  return { gradients: gradients.map((gradient) => multiply(gradient, scale)), norm };
}

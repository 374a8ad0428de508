import { ShapeError } from '../errors.js';
import { add, divide, literal, multiply, relu, sqrt, subtract, sum, type Tensor } from '../tensor/index.js';

/**
 * Scales gradients down together so that their joint Euclidean norm is at most `largest`.
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 * @param largest above 0
 * @returns the gradients in the same order, and the norm that they had before. Shape []
 * @throws ShapeError if the largest norm is no such number
 */
export function clipByNorm(
  gradients: readonly Tensor[],
  largest: number,
): { readonly gradients: Tensor[]; readonly norm: Tensor } {
  if (!(largest > 0)) {
    throw new ShapeError(`clipByNorm: the largest norm is ${largest}; expected a number above 0.`);
  }
  if (gradients.length === 0) return { gradients: [], norm: literal(0) };
  const squares = gradients.map((gradient) => sum(multiply(gradient, gradient)));
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  // largest / max(norm, largest)
  const scale = divide(largest, add(relu(subtract(norm, largest)), largest));
  return { gradients: gradients.map((gradient) => multiply(gradient, scale)), norm };
}

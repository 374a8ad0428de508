import { add, divide, multiply, relu, sqrt, subtract, sum, type Tensor } from '../tensor/index.js';

/**
 * Scales gradients down together so that their joint Euclidean norm is at most `largest`.
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 * @returns the gradients in the same order, and the norm that they had before. Shape []
 */
export function clipByNorm(
  gradients: readonly Tensor[],
  largest: number,
): { readonly gradients: Tensor[]; readonly norm: Tensor } {
  const squares = gradients.map((gradient) => sum(multiply(gradient, gradient)));
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  // largest / max(norm, largest)
  const scale = divide(largest, add(relu(subtract(norm, largest)), largest));
  return { gradients: gradients.map((gradient) => multiply(gradient, scale)), norm };
}

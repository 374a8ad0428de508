import { multiply, reshape, sum, type Tensor } from '../tensor/index.js';

/**
 * Sums of several rows of each image, all by the same weights.
 * @param rows `[batch, any, classes]`
 * @param weights `[batch, classes]`
 * @returns `[batch, any]`
 */
export function weighted(rows: Tensor, weights: Tensor): Tensor {
  const [batch, classes] = weights.shape;
  return sum(multiply(rows, reshape(weights, [batch, 1, classes])), { axes: 2 });
}

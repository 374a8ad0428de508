import { divide, matmul, mean, type Tensor } from '../tensor/index.js';
import { total } from './evidence.js';
import { chosenLayers } from './layers.js';
import type { Pass } from './pass.js';
import { patchMap } from './propagation.js';

/**
 * Matrices of several layers as one: the mean over layers and heads.
 * @param matrices each `[batch, heads, tokens, tokens]`
 * @returns `[batch, tokens, tokens]`
 */
export function combined(matrices: readonly Tensor[]): Tensor {
  return divide(total(matrices.map((matrix) => mean(matrix, { axes: 1 }))), matrices.length);
}

/**
 * Where the query looks in all layers together: of their attention, combined, the query's row. It follows nothing from layer to
 * layer, and so asks nothing of the model but attention.
 * @returns `[batch, gridRows, gridColumns]`
 */
export function combinedAttention(pass: Pass): Tensor {
  const attention = combined(chosenLayers(pass).map((layer) => layer.attention));
  return patchMap(matmul(pass.query, attention), attention.shape[0], pass.layout);
}

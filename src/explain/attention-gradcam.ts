import type { TokenGeometry } from '../geometry.js';
import { matmul, mean, multiply, relu, reshape, slice, type Tensor } from '../tensor/index.js';
import { chosenLayers, patchMap, queryRow } from './propagation.js';

/**
 * Grad-CAM on the attention of one layer: each head is weighted by the mean gradient of its query row,
 *
 *   w_h = mean over patches j of G[h][query, j],   map = relu(mean_h w_h A[h][query, patches])
 *
 * Source: Selvaraju et al., "Grad-CAM", 2017, equations 1 and 2, with heads in the place of channels, as the
 * baseline of Chefer, Gur and Wolf, "Transformer Interpretability Beyond Attention Visualization", 2021.
 * @param attentions post-softmax, first layer first, `[batch, heads, tokens, tokens]`
 * @param gradients of the class's score with respect to each of them
 * @param layer counted from 0; the last one if left out
 * @returns one value a patch, at least 0, `[batch, gridRows, gridColumns]`
 * @throws UsageError for a layer that does not exist
 * @throws ShapeError if attentions or gradients do not fit the geometry
 */
export function attentionGradcam(
  attentions: readonly Tensor[],
  gradients: readonly Tensor[],
  geometry: TokenGeometry,
  layer = attentions.length - 1,
): Tensor {
  const [attention] = chosenLayers(attentions, geometry, [layer, layer]);
  const [gradient] = chosenLayers(gradients, geometry, [layer, layer]);
  const [batch, , , tokens] = attention.shape;
  const query = reshape(queryRow(geometry), [1, 1, 1, tokens]);
  // The query's row, or the mean of the queries' rows: [batch, heads, 1, tokens].
  const [attentionRow, gradientRow] = [attention, gradient].map((matrix) => matmul(query, matrix));
  const weights = mean(slice(gradientRow, 3, geometry.prefixTokens), { axes: 3, keepDims: true });
  const weighted = mean(multiply(weights, attentionRow), { axes: 1 }); // [batch, 1, tokens]
  return patchMap(relu(weighted), batch, geometry);
}

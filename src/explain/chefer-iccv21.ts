import type { TokenGeometry } from '../geometry.js';
import { mean, multiply, relu, type Tensor } from '../tensor/index.js';
import { chosenLayers, queryMap, throughResidual, type LayerRange } from './propagation.js';

/**
 * Generic attention relevance. With A[l] the attention of layer l and G[l] the gradient of the class's score with
 * respect to it:
 *
 *   Abar[l] = mean_h(relu(A[l] G[l])),   R = I,   R = R + Abar[l] R for l = 1..L,   map = R[query, patches]
 *
 * No row normalisation.
 * Source: Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
 * Encoder-Decoder Transformers", ICCV 2021, equations 5 and 6.
 * @param attentions post-softmax, first layer first, `[batch, heads, tokens, tokens]`
 * @param gradients with respect to each of them
 * @param layers all if left out
 * @returns one value a patch, at least 0, `[batch, gridRows, gridColumns]`
 * @throws UsageError for layers that do not exist
 * @throws ShapeError if attentions or gradients do not fit the geometry
 */
export function cheferIccv21(
  attentions: readonly Tensor[],
  gradients: readonly Tensor[],
  geometry: TokenGeometry,
  layers?: LayerRange,
): Tensor {
  const chosenGradients = chosenLayers(gradients, geometry, layers);
  const matrices = chosenLayers(attentions, geometry, layers).map((attention, layer) =>
    mean(relu(multiply(attention, chosenGradients[layer])), { axes: 1 }),
  );
  return queryMap(matrices, geometry, throughResidual);
}

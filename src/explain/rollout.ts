import type { TokenGeometry } from '../geometry.js';
import type { Tensor } from '../tensor/index.js';
import { discard } from './discard.js';
import { fuseHeads, type HeadFusion } from './heads.js';
import { chosenLayers, queryMap, throughNormalised, type LayerRange } from './propagation.js';

/*
 * Attention rollout. With A[l] the attention of layer l, fused over heads, `discard` its smallest entries set to
 * 0, and I the identity (the residual connection):
 *
 *   Ahat[l] = rownorm(discard(fuse(A[l])) + I)
 *   R = Ahat[L] ... Ahat[1],   map = R[query, patches]
 *
 * Sources: Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020, section 3; fusion other than
 * the mean and discarding: Gildenblat, "Exploring Explainability for Vision Transformers", 2020.
 */

export interface RolloutOptions {
  /** Default `mean`. */
  readonly headFusion?: HeadFusion;
  /**
   * Share of the entries, in [0, 1), that is set to 0 in each layer before the identity is added: the smallest
   * ones among those whose key is a patch. Default 0.
   */
  readonly discardRatio?: number;
  /** All layers if left out. */
  readonly layers?: LayerRange;
}

/**
 * Attention rollout from the tokens that feed the classifier back to the patches. The same for every class.
 * @param attentions post-softmax attention of each layer, first layer first, `[batch, heads, tokens, tokens]`
 * @returns one value a patch, `[batch, gridRows, gridColumns]`
 * @throws UsageError for options out of range
 * @throws ShapeError if the attentions do not fit the geometry
 */
export function rollout(
  attentions: readonly Tensor[],
  geometry: TokenGeometry,
  options: RolloutOptions = {},
): Tensor {
  const { headFusion = 'mean', discardRatio = 0 } = options;
  const matrices = chosenLayers(attentions, geometry, options.layers).map((attention) =>
    discard(fuseHeads(attention, headFusion), discardRatio, geometry.prefixTokens),
  );
  return queryMap(matrices, geometry, throughNormalised);
}

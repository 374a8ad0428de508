import type { TokenGeometry } from '../geometry.js';
import { mean, multiply, relu, type Tensor } from '../tensor/index.js';
import { discard } from './discard.js';
import { fuseHeads, type HeadFusion } from './heads.js';
import {
  chosenLayers,
  queryMap,
  throughNormalised,
  throughResidual,
  type LayerRange,
} from './propagation.js';

/*
 * Gradient rollout: attention rollout in which each layer's attention A is weighted by the gradient G of the
 * explained class with respect to it. F takes the place of the fused attention:
 *
 *   relu-of-mean       F = relu(mean_h(A G))
 *   mean-of-relu       F = mean_h(relu(A G))               per-head rectification
 *   grad-times-fused   F = relu(mean_h(G) fuse_h(A))
 *
 *   signed             R = R + mean_h(A G) R, no rectification and no normalisation: evidence against the class
 *                      stays negative
 *
 * Sources: Gildenblat, "Exploring Explainability for Vision Transformers", 2020; per-head rectification: Chefer,
 * Gur and Wolf, "Generic Attention-model Explainability", 2021, equation 5.
 */

export type GradientRolloutVariant = 'relu-of-mean' | 'mean-of-relu' | 'grad-times-fused' | 'signed';

export const gradientRolloutVariants: readonly GradientRolloutVariant[] = [
  'relu-of-mean',
  'mean-of-relu',
  'grad-times-fused',
  'signed',
];

export interface GradientRolloutOptions {
  /** Default `relu-of-mean`. */
  readonly variant?: GradientRolloutVariant;
  /** For `grad-times-fused` only. Default `mean`. */
  readonly headFusion?: HeadFusion;
  /** As for rollout; `signed` does not discard. Default 0. */
  readonly discardRatio?: number;
  /** All layers if left out. */
  readonly layers?: LayerRange;
}

/**
 * Gradient rollout for the class whose gradients are given.
 * @param attentions post-softmax attention of each layer, first layer first, `[batch, heads, tokens, tokens]`
 * @param gradients of the class's score with respect to each of them
 * @returns one value a patch, `[batch, gridRows, gridColumns]`; signed for `signed`, else at least 0
 * @throws UsageError for options out of range
 * @throws ShapeError if attentions or gradients do not fit the geometry
 */
export function gradientRollout(
  attentions: readonly Tensor[],
  gradients: readonly Tensor[],
  geometry: TokenGeometry,
  options: GradientRolloutOptions = {},
): Tensor {
  const { variant = 'relu-of-mean', headFusion = 'mean', discardRatio = 0, layers } = options;
  const chosenGradients = chosenLayers(gradients, geometry, layers);
  const matrices = chosenLayers(attentions, geometry, layers).map((attention, layer) =>
    weigh(attention, chosenGradients[layer], variant, headFusion),
  );
  if (variant === 'signed') return queryMap(matrices, geometry, throughResidual);
  const kept = matrices.map((matrix) => discard(matrix, discardRatio, geometry.prefixTokens));
  return queryMap(kept, geometry, throughNormalised);
}

function weigh(
  attention: Tensor,
  gradient: Tensor,
  variant: GradientRolloutVariant,
  headFusion: HeadFusion,
): Tensor {
  const meanOverHeads = (x: Tensor): Tensor => mean(x, { axes: 1 });
  switch (variant) {
    case 'relu-of-mean':
      return relu(meanOverHeads(multiply(attention, gradient)));
    case 'mean-of-relu':
      return meanOverHeads(relu(multiply(attention, gradient)));
    case 'grad-times-fused':
      return relu(multiply(meanOverHeads(gradient), fuseHeads(attention, headFusion)));
    case 'signed':
      return meanOverHeads(multiply(attention, gradient));
    default:
      return variant satisfies never;
  }
}

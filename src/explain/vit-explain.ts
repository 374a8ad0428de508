import type { TokenGeometry } from '../geometry.js';
import {
  add,
  constant,
  divide,
  matmul,
  max,
  mean,
  multiply,
  relu,
  reshape,
  softmaxGradient,
  where,
  largestMask,
  type Tensor,
} from '../tensor/index.js';
import { fuseHeads, type HeadFusion } from './heads.js';
import { chosenLayers, queryMap, rowSumsWithIdentity } from './propagation.js';

/*
 * What the widely used script vit-explain (Gildenblat, 2020) computes, so that figures made with it can be
 * compared. It differs from the definitions in rollout.ts and gradient-rollout.ts in four ways that change the
 * maps (a fifth, the input, is a choice of preprocessing):
 *
 *   1. its hook delivers the gradient before the softmax: S_ij = A_ij (G_ij - sum_k A_ik G_ik);
 *   2. gradients arrive last layer first and are paired with attentions first layer first;
 *   3. rows are normalised by `a / a.sum(-1)` without keeping the axis: column j is divided by row j's sum;
 *   4. discarding chooses among all entries; rollout spares flat index 0 only, gradient rollout nothing.
 *
 * The map is divided by its maximum.
 */

/** The script's attention rollout, `[batch, gridRows, gridColumns]`. Parameters as in `rollout`. */
export function vitExplainRollout(
  attentions: readonly Tensor[],
  geometry: TokenGeometry,
  { headFusion = 'mean', discardRatio = 0 }: { headFusion?: HeadFusion; discardRatio?: number } = {},
): Tensor {
  const matrices = chosenLayers(attentions, geometry).map((attention) =>
    discardAnywhere(fuseHeads(attention, headFusion), discardRatio, true),
  );
  return divideByMaximum(queryMap(matrices, geometry, throughMisnormalised));
}

/** The script's gradient rollout, `[batch, gridRows, gridColumns]`. Parameters as in `gradientRollout`. */
export function vitExplainGradientRollout(
  attentions: readonly Tensor[],
  gradients: readonly Tensor[],
  geometry: TokenGeometry,
  { discardRatio = 0 }: { discardRatio?: number } = {},
): Tensor {
  const preSoftmax = chosenLayers(gradients, geometry).map((gradient, layer) =>
    softmaxGradient(attentions[layer], gradient),
  );
  const matrices = chosenLayers(attentions, geometry).map((attention, layer) => {
    const mispaired = preSoftmax[preSoftmax.length - 1 - layer];
    return discardAnywhere(relu(mean(multiply(attention, mispaired), { axes: 1 })), discardRatio, false);
  });
  return divideByMaximum(queryMap(matrices, geometry, throughMisnormalised));
}

/** `v a` with `a_ij = (D + I)_ij / s_j`, s the row sums of D + I. */
function throughMisnormalised(v: Tensor, matrix: Tensor): Tensor {
  return divide(add(matmul(v, matrix), v), rowSumsWithIdentity(matrix));
}

function discardAnywhere(matrix: Tensor, ratio: number, spareFirst: boolean): Tensor {
  const [batch, tokens] = matrix.shape;
  const count = tokens * tokens;
  const flat = reshape(matrix, [batch, count]);
  const kept = largestMask(flat, Math.floor(count * ratio));
  const first = constant(
    Float32Array.from({ length: count }, (_, index) => (index === 0 ? 1 : 0)),
    [count],
  );
  const mask = spareFirst ? add(kept, first) : kept;
  return reshape(where(mask, flat, 0), matrix.shape);
}

function divideByMaximum(map: Tensor): Tensor {
  return divide(map, max(map, { axes: [1, 2], keepDims: true }));
}

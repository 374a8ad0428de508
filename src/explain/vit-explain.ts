import { vitExplainPreprocessing, type Preprocessing } from '../image/index.js';
import {
  add,
  constant,
  divide,
  largestMask,
  matmul,
  max,
  reshape,
  where,
  type Tensor,
} from '../tensor/index.js';
import type { Source } from './method.js';
import type { Pass } from './pass.js';
import { queryMap, rowSumsWithIdentity } from './propagation.js';

/*
 * What the widely used script vit-explain (Gildenblat, 2020) computes, so that figures made with it can be
 * compared. It differs from the definitions of rollout and gradient rollout in five ways that change the maps:
 *
 *   1. its hook delivers the gradient before the softmax: S_ij = A_ij (G_ij - sum_k A_ik G_ik);
 *   2. gradients arrive last layer first and are paired with attentions first layer first;
 *   3. rows are normalised by `a / a.sum(-1)` without keeping the axis: column j is divided by row j's sum;
 *   4. discarding chooses among all entries; rollout spares flat index 0 only, gradient rollout nothing;
 *   5. the picture is squashed into the model's square, mean and deviation 0.5.
 *
 * The map is divided by its maximum.
 */

export const vitExplainSource: Source = {
  cited: 'the script vit-explain, 2020',
  title: 'vit-explain: Explainability for Vision Transformers',
  url: 'https://github.com/jacobgil/vit-explain',
};

/** The script's input at the size that the model takes. */
export function asTheScript({ size }: Preprocessing): Preprocessing {
  return { ...vitExplainPreprocessing, size };
}

/** The script's product of layers, of matrices `[batch, tokens, tokens]`, first layer first. */
export function misnormalisedMap(matrices: readonly Tensor[], pass: Pass): Tensor {
  const map = queryMap(matrices, pass, throughMisnormalised);
  return divide(map, max(map, { axes: [1, 2], keepDims: true }));
}

/** `v a` with `a_ij = (D + I)_ij / s_j`, s the row sums of D + I. */
function throughMisnormalised(v: Tensor, matrix: Tensor): Tensor {
  return divide(add(matmul(v, matrix), v), rowSumsWithIdentity(matrix));
}

/** Sets the smallest of all entries to 0, for each image; `spareFirst` keeps the very first. */
export function discardAnywhere(matrix: Tensor, ratio: number, spareFirst: boolean): Tensor {
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

import { ShapeError, UsageError } from '../errors.js';
import { tokenCount, type TokenGeometry } from '../geometry.js';
import {
  add,
  concat,
  constant,
  divide,
  formatShape,
  matmul,
  max,
  mean,
  min,
  reshape,
  slice,
  sum,
  zeroSmallest,
  type Tensor,
} from '../tensor/index.js';

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

/** How the heads of a layer become one matrix. */
export type HeadFusion = 'mean' | 'max' | 'min';

export const headFusions: readonly HeadFusion[] = ['mean', 'max', 'min'];

export interface RolloutOptions {
  /** Default `mean`. */
  readonly headFusion?: HeadFusion;
  /**
   * Share of the entries, in [0, 1), that is set to 0 in each layer before the identity is added: the smallest
   * ones among those whose key is a patch. Default 0.
   */
  readonly discardRatio?: number;
  /** First and last block that take part, counted from 0 as in `blocks.0`; all if left out. */
  readonly layers?: readonly [first: number, last: number];
}

/**
 * Attention rollout from the tokens that feed the classifier back to the patches.
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
  const layers = chosenLayers(attentions, options.layers);
  const fuse = { mean, max, min }[headFusion];
  const matrices = layers.map((attention) => {
    checkAttention(attention, geometry);
    return discard(fuse(attention, { axes: 1 }), discardRatio, geometry.prefixTokens);
  });
  return rollBack(matrices, geometry);
}

/**
 * Sets the `floor(ratio * count)` smallest entries to 0, for each image, among the `count` entries whose key is
 * not a prefix token; among equal entries the one of lower index goes first.
 * @param fused `[batch, tokens, tokens]`
 */
export function discard(fused: Tensor, ratio: number, prefixTokens: number): Tensor {
  if (!(ratio >= 0 && ratio < 1)) {
    throw new UsageError(`The discard ratio is ${ratio}; give a number from 0 up to, but not including, 1.`);
  }
  const [batch, rows, columns] = fused.shape;
  const count = rows * (columns - prefixTokens);
  const discarded = Math.floor(ratio * count);
  if (discarded === 0) return fused;
  const patchKeys = reshape(slice(fused, 2, prefixTokens), [batch, count]);
  const kept = reshape(zeroSmallest(patchKeys, discarded), [batch, rows, columns - prefixTokens]);
  return concat([slice(fused, 2, 0, prefixTokens), kept], 2);
}

/**
 * `R[query, patches]` for `R = product of rownorm(D[l] + I)`, last layer leftmost. Only the query's row of the
 * product is needed, so a row vector is carried down from the last layer, `O(L n^2)` instead of `O(L n^3)`:
 * `v rownorm(D + I) = (v / s) D + v / s`, with s the row sums of D + I.
 * @param matrices `[batch, tokens, tokens]`, first layer first
 */
function rollBack(matrices: readonly Tensor[], geometry: TokenGeometry): Tensor {
  const tokens = tokenCount(geometry);
  const [batch] = matrices[0].shape;
  const start = queryRow(geometry);
  const row = matrices.reduceRight<Tensor>((v, matrix) => {
    const rowSums = add(sum(matrix, { axes: 2 }), 1); // [batch, tokens]
    const scaled = divide(v, reshape(rowSums, [batch, 1, tokens]));
    return add(matmul(scaled, matrix), scaled);
  }, start);
  return reshape(slice(row, 2, geometry.prefixTokens), [batch, ...geometry.grid]);
}

/** The mean of the query tokens' unit vectors, `[1, 1, tokens]`. */
function queryRow(geometry: TokenGeometry): Tensor {
  const values = new Float32Array(tokenCount(geometry));
  for (const token of geometry.queryTokens) values[token] += 1 / geometry.queryTokens.length;
  return constant(values, [1, 1, values.length]);
}

function chosenLayers(attentions: readonly Tensor[], range: RolloutOptions['layers']): readonly Tensor[] {
  if (attentions.length === 0)
    throw new ShapeError('rollout: the attention of at least one layer is needed.');
  if (!range) return attentions;
  const [first, last] = range;
  const whole = Number.isInteger(first) && Number.isInteger(last);
  if (!whole || first < 0 || first > last || last >= attentions.length) {
    throw new UsageError(
      `Layers ${first}-${last} do not exist; this model has layers 0-${attentions.length - 1}, first one first.`,
    );
  }
  return attentions.slice(first, last + 1);
}

function checkAttention(attention: Tensor, geometry: TokenGeometry): void {
  const tokens = tokenCount(geometry);
  const [, , queries, keys] = attention.shape;
  if (attention.rank !== 4 || queries !== tokens || keys !== tokens) {
    throw new ShapeError(
      `rollout: attention of shape ${formatShape(attention.shape)} does not fit ${tokens} tokens; ` +
        `expected [batch, heads, ${tokens}, ${tokens}].`,
    );
  }
}

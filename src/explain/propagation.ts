import { ShapeError, UsageError } from '../errors.js';
import { tokenCount, type TokenGeometry } from '../geometry.js';
import {
  add,
  constant,
  divide,
  formatShape,
  matmul,
  reshape,
  slice,
  sum,
  type Tensor,
} from '../tensor/index.js';

/** First and last layer that take part, counted from 0 as in `blocks.0`. */
export type LayerRange = readonly [first: number, last: number];

/**
 * The layers of a range, checked against the geometry.
 * @param perLayer attention, or its gradient, of each layer, first layer first, `[batch, heads, tokens, tokens]`
 * @throws UsageError if the range does not lie within the layers
 * @throws ShapeError if there are none, or they do not fit the geometry
 */
export function chosenLayers(
  perLayer: readonly Tensor[],
  geometry: TokenGeometry,
  range?: LayerRange,
): readonly Tensor[] {
  if (perLayer.length === 0)
    throw new ShapeError('An explanation needs the attention of at least one layer.');
  const [first, last] = range ?? [0, perLayer.length - 1];
  const whole = Number.isInteger(first) && Number.isInteger(last);
  if (!whole || first < 0 || first > last || last >= perLayer.length) {
    throw new UsageError(
      `Layers ${first}-${last} do not exist; this model has layers 0-${perLayer.length - 1}, the lower one first.`,
    );
  }
  const tokens = tokenCount(geometry);
  for (const { rank, shape } of perLayer) {
    if (rank !== 4 || shape[2] !== tokens || shape[3] !== tokens) {
      throw new ShapeError(
        `Attention of shape ${formatShape(shape)} does not fit ${tokens} tokens; ` +
          `expected [batch, heads, ${tokens}, ${tokens}].`,
      );
    }
  }
  return perLayer.slice(first, last + 1);
}

/*
 * All methods of the rollout family are a product of one matrix for each layer, of which only the query's row is
 * wanted. So a row vector `v`, `[batch, 1, tokens]`, is carried from the last layer down to the first:
 * O(layers n^2) instead of O(layers n^3).
 */

/** `v rownorm(D + I) = (v / s) D + v / s`, with s the row sums of D + I. */
export function throughNormalised(v: Tensor, matrix: Tensor): Tensor {
  const scaled = divide(v, rowSumsWithIdentity(matrix));
  return add(matmul(scaled, matrix), scaled);
}

/** `v (I + M) = v + v M` */
export function throughResidual(v: Tensor, matrix: Tensor): Tensor {
  return add(v, matmul(v, matrix));
}

/** The row sums of `D + I`, laid out as a row: `[batch, 1, tokens]`. */
export function rowSumsWithIdentity(matrix: Tensor): Tensor {
  const [batch, tokens] = matrix.shape;
  return reshape(add(sum(matrix, { axes: 2 }), 1), [batch, 1, tokens]);
}

/**
 * The query's row of a product of layers, its patch columns as a map.
 * @param matrices `[batch, tokens, tokens]`, first layer first
 * @param step how the row passes one layer
 * @returns `[batch, gridRows, gridColumns]`
 */
export function queryMap(
  matrices: readonly Tensor[],
  geometry: TokenGeometry,
  step: (v: Tensor, matrix: Tensor) => Tensor,
): Tensor {
  return patchMap(matrices.reduceRight(step, queryRow(geometry)), matrices[0].shape[0], geometry);
}

/** The mean of the query tokens' unit vectors, `[1, 1, tokens]`. */
export function queryRow(geometry: TokenGeometry): Tensor {
  const values = new Float32Array(tokenCount(geometry));
  for (const token of geometry.queryTokens) values[token] += 1 / geometry.queryTokens.length;
  return constant(values, [1, 1, values.length]);
}

/** The patch columns of a row `[batch, 1, tokens]` as `[batch, gridRows, gridColumns]`. */
export function patchMap(row: Tensor, batch: number, geometry: TokenGeometry): Tensor {
  return reshape(slice(row, 2, geometry.prefixTokens), [batch, ...geometry.grid]);
}

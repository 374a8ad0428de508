import type { TokenGeometry } from '../geometry.js';
import { add, constant, divide, matmul, reshape, slice, sum, type Tensor } from '../tensor/index.js';
import { expectResiduals, type Pass } from './pass.js';

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

/** `rownorm(D + I)` as a matrix, for what wants more of it than a row. `[batch, tokens, tokens]` */
export function normalised(matrix: Tensor): Tensor {
  const [batch, tokens] = matrix.shape;
  const identity = Float32Array.from({ length: tokens ** 2 }, (_, i) => Number(i % (tokens + 1) === 0));
  const sums = reshape(rowSumsWithIdentity(matrix), [batch, tokens, 1]);
  return divide(add(matrix, constant(identity, [1, tokens, tokens])), sums);
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
 * @param pass whose query it is
 * @param step how the row passes one layer
 * @returns `[batch, gridRows, gridColumns]`
 * @throws NoResidualsError if the pass is of a model without residual connections, which the steps follow
 */
export function queryMap(
  matrices: readonly Tensor[],
  pass: Pick<Pass, 'query' | 'layout' | 'withoutResiduals'>,
  step: (v: Tensor, matrix: Tensor) => Tensor,
): Tensor {
  expectResiduals(pass);
  // Not `step` itself: it may have further parameters, which `reduceRight` would fill.
  const row = matrices.reduceRight((v, matrix) => step(v, matrix), pass.query);
  return patchMap(row, matrices[0].shape[0], pass.layout);
}

/** The patch columns of a row `[batch, 1, tokens]` as `[batch, gridRows, gridColumns]`. */
export function patchMap(row: Tensor, batch: number, geometry: TokenGeometry): Tensor {
  return reshape(slice(row, 2, geometry.prefixTokens), [batch, ...geometry.grid]);
}

import { matmul, multiply, permute, reshape, softmax, transpose, type Tensor } from '../tensor/index.js';

/** `[batch, tokens, width]` to `[batch, heads, tokens, width / heads]` */
export function intoHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, width] = x.shape;
  return permute(reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** The way back. */
export function fromHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, headWidth] = x.shape;
  return reshape(permute(x, [0, 2, 1, 3]), [batch, tokens, heads * headWidth]);
}

/**
 * `softmax(q k^T / sqrt(headWidth))`: of queries and keys `[batch, heads, tokens, headWidth]` a row for each query.
 * Source: Vaswani et al., "Attention Is All You Need", 2017, equation 1.
 */
export function attentionOf(query: Tensor, key: Tensor): Tensor {
  const headWidth = query.shape[query.rank - 1];
  return softmax(matmul(multiply(query, 1 / Math.sqrt(headWidth)), transpose(key)));
}

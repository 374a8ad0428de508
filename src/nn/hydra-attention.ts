import { add, divide, multiply, sqrt, sum, type Tensor } from '../tensor/index.js';
import { AnyAttention, type AttentionConfig } from './attention.js';
import { fromHeads } from './heads.js';

/** A squared length below which a query or a key has no direction. */
const smallest = 1e-12;

/**
 * Attention with as many heads as features, whose kernel is the cosine: with q and k of length 1 for each token,
 *
 *   out[t] = q[t] * sum over tokens s of k[s] * v[s]
 *
 * feature by feature. It takes time in proportion to the tokens, and no token attends to another: there are no attention
 * matrices. Queries, keys and values are seen as those of one head, whose channels are the heads.
 * Source: Bolya et al., "Hydra Attention: Efficient Attention with Many Heads", 2022, equation 8.
 */
export class HydraAttention extends AnyAttention {
  constructor(config: AttentionConfig) {
    super({ ...config, heads: 1 });
  }

  protected override mix(query: Tensor, key: Tensor, value: Tensor): Tensor {
    const gathered = sum(multiply(direction(key), value), { axes: 2, keepDims: true }); // [batch, 1, 1, width]
    return fromHeads(multiply(direction(query), gathered));
  }
}

function direction(x: Tensor): Tensor {
  return divide(x, sqrt(add(sum(multiply(x, x), { axes: -1, keepDims: true }), smallest)));
}

import { matmul, type Tensor } from '../tensor/index.js';
import { AnyAttention } from './attention.js';
import { Dropout } from './dropout.js';
import { attentionOf, fromHeads } from './heads.js';

/**
 * Multi-head self-attention: `softmax(q k^T / sqrt(headWidth)) v`, `[batch, tokens, width]` to the same.
 * The output of `attn_drop` is the attention itself, `[batch, heads, tokens, tokens]`, a row for each query.
 * Source: Vaswani et al., "Attention Is All You Need", 2017, equation 1.
 */
export class Attention extends AnyAttention {
  readonly attn_drop = new Dropout();

  protected override mix(query: Tensor, key: Tensor, value: Tensor): Tensor {
    return fromHeads(matmul(this.attn_drop.call(attentionOf(query, key)), value));
  }
}

import { ShapeError } from '../errors.js';
import {
  matmul,
  multiply,
  permute,
  reshape,
  select,
  softmax,
  transpose,
  type Tensor,
} from '../tensor/index.js';
import { Dropout } from './dropout.js';
import { Identity } from './identity.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

/**
 * Multi-head self-attention: `softmax(q k^T / sqrt(headWidth)) v`, `[batch, tokens, width]` to the same.
 * The output of `attn_drop` is the attention itself, `[batch, heads, tokens, tokens]`, a row for each query.
 * Source: Vaswani et al., "Attention Is All You Need", 2017, equation 1.
 */
export class Attention extends Module {
  readonly qkv: Linear;
  // Places to look at queries, keys and values, `[batch, heads, tokens, headWidth]`; the first two under timm's names.
  readonly q_norm = new Identity();
  readonly k_norm = new Identity();
  readonly v_norm = new Identity();
  readonly attn_drop = new Dropout();
  readonly proj: Linear;
  readonly proj_drop = new Dropout();

  /** @throws ShapeError if the heads do not divide the width */
  constructor(
    readonly width: number,
    readonly heads: number,
  ) {
    super();
    if (width % heads !== 0) {
      throw new ShapeError(`Attention: ${heads} heads do not divide a width of ${width}.`);
    }
    this.qkv = new Linear(width, 3 * width);
    this.proj = new Linear(width, width);
  }

  protected override forward(x: Tensor): Tensor {
    const [batch, tokens] = x.shape;
    const headWidth = this.width / this.heads;
    const joint = reshape(this.qkv.call(x), [batch, tokens, 3, this.heads, headWidth]);
    const parts = permute(joint, [2, 0, 3, 1, 4]); // [3, batch, heads, tokens, headWidth]
    const [q, k, v] = [this.q_norm, this.k_norm, this.v_norm].map((norm, part) =>
      norm.call(select(parts, 0, part)),
    );
    const scores = matmul(multiply(q, 1 / Math.sqrt(headWidth)), transpose(k));
    const attention = this.attn_drop.call(softmax(scores)); // [batch, heads, tokens, tokens]
    const mixed = permute(matmul(attention, v), [0, 2, 1, 3]); // [batch, tokens, heads, headWidth]
    return this.proj_drop.call(this.proj.call(reshape(mixed, [batch, tokens, this.width])));
  }
}

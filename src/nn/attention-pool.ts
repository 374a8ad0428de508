import { add, expand, matmul, reshape, select, type Tensor } from '../tensor/index.js';
import { Dropout } from './dropout.js';
import { attentionOf, fromHeads, intoHeads } from './heads.js';
import { Linear } from './linear.js';
import { mlps, type MlpConfig, type MlpKind } from './mlp.js';
import { Module } from './module.js';
import { normOf } from './norms.js';
import { Parameter } from './parameter.js';

export interface AttentionPoolConfig extends Omit<MlpConfig, 'scaleNorm'> {
  readonly heads: number;
  readonly mlp: MlpKind;
}

/**
 * Pooling by a learned query that attends to the tokens, with an MLP behind it: `[batch, tokens, width]` to `[batch, width]`.
 * The output of `attn_drop` is its attention, `[batch, heads, 1, tokens]`.
 * Source: Zhai et al., "Scaling Vision Transformers", 2022, section 3.2, "MAP head".
 */
export class AttentionPool extends Module {
  readonly latent: Parameter; // [1, 1, width]
  readonly q: Linear;
  readonly kv: Linear;
  readonly attn_drop = new Dropout();
  readonly proj: Linear;
  readonly norm: Module;
  readonly mlp: Module;
  readonly #heads: number;

  constructor(config: AttentionPoolConfig) {
    super();
    const { width, heads, mlp } = config;
    this.latent = new Parameter([1, 1, width]);
    this.q = new Linear(width, width);
    this.kv = new Linear(width, 2 * width);
    this.proj = new Linear(width, width);
    this.norm = normOf(width, config);
    this.mlp = mlps[mlp]({ ...config, scaleNorm: false });
    this.#heads = heads;
  }

  /** What the learned query attends to, before any hook has seen it. `[batch, heads, 1, tokens]` */
  attention(x: Tensor): Tensor {
    return this.attend(x).attention;
  }

  protected override forward(x: Tensor): Tensor {
    const { attention, value } = this.attend(x);
    const mixed = this.proj.call(fromHeads(matmul(this.attn_drop.call(attention), value))); // [batch, 1, width]
    return select(add(mixed, this.mlp.call(this.norm.call(mixed))), 1, 0);
  }

  private attend(x: Tensor): { readonly attention: Tensor; readonly value: Tensor } {
    const [batch, tokens, width] = x.shape;
    const query = this.q.call(expand(this.latent, [batch, 1, width]));
    const joint = reshape(this.kv.call(x), [batch, tokens, 2, width]);
    const [key, value] = [0, 1].map((part) => intoHeads(select(joint, 2, part), this.#heads));
    return { attention: attentionOf(intoHeads(query, this.#heads), key), value };
  }
}

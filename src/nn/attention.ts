import { ShapeError } from '../errors.js';
import { concat, constant, permute, reshape, select, type Tensor } from '../tensor/index.js';
import { Dropout } from './dropout.js';
import { Identity } from './identity.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { normOf, type NormConfig } from './norms.js';
import { Parameter } from './parameter.js';

/** Which of queries, keys and values have biases. */
export const qkvBiases = ['all', 'none', 'query-value'] as const;
export type QkvBias = (typeof qkvBiases)[number];

export interface AttentionConfig extends NormConfig {
  readonly width: number;
  readonly heads: number;
  readonly qkvBias: QkvBias;
  /** Whether the projection has biases. */
  readonly bias: boolean;
  /** Whether queries and keys are normalised, head by head. */
  readonly queryKeyNorm: boolean;
  /** Whether there is a norm before the projection. */
  readonly scaleNorm: boolean;
}

/**
 * What all kinds have: each token's query, key and value, and a projection of what is mixed of values. `[batch, tokens, width]`
 * to the same.
 */
export abstract class AnyAttention extends Module {
  readonly q_bias: Parameter | undefined; // [width], as is v_bias; present if keys have none
  readonly v_bias: Parameter | undefined;
  readonly qkv: Linear;
  // Places to look at queries, keys and values, `[batch, heads, tokens, headWidth]`; the first two under timm's names.
  readonly q_norm: Module;
  readonly k_norm: Module;
  readonly v_norm = new Identity();
  readonly norm: Module;
  readonly proj: Linear;
  readonly proj_drop = new Dropout();
  readonly width: number;
  readonly heads: number;

  /** @throws ShapeError if the heads do not divide the width */
  constructor(config: AttentionConfig) {
    super();
    const { width, heads, qkvBias, bias, queryKeyNorm, scaleNorm } = config;
    if (width % heads !== 0) {
      throw new ShapeError(`Attention: ${heads} heads do not divide a width of ${width}.`);
    }
    let joint: boolean | Tensor = qkvBias === 'all';
    if (qkvBias === 'query-value') {
      this.q_bias = new Parameter([width]);
      this.v_bias = new Parameter([width]);
      joint = concat([this.q_bias, constant(new Float32Array(width), [width]), this.v_bias], 0);
    }
    this.qkv = new Linear(width, 3 * width, { bias: joint });
    this.q_norm = normOf(width / heads, config, queryKeyNorm);
    this.k_norm = normOf(width / heads, config, queryKeyNorm);
    this.norm = normOf(width, config, scaleNorm);
    this.proj = new Linear(width, width, { bias });
    this.width = width;
    this.heads = heads;
  }

  /** Of queries, keys and values `[batch, heads, tokens, headWidth]` what each token takes up. `[batch, tokens, width]` */
  protected abstract mix(query: Tensor, key: Tensor, value: Tensor): Tensor;

  protected override forward(x: Tensor): Tensor {
    const [batch, tokens] = x.shape;
    const joint = reshape(this.qkv.call(x), [batch, tokens, 3, this.heads, this.width / this.heads]);
    const parts = permute(joint, [0, 2, 3, 1, 4]); // [batch, 3, heads, tokens, headWidth]
    const [q, k, v] = [this.q_norm, this.k_norm, this.v_norm].map((norm, part) =>
      norm.call(select(parts, 1, part)),
    );
    return this.proj_drop.call(this.proj.call(this.norm.call(this.mix(q, k, v))));
  }
}

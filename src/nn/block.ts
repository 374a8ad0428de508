import { add, type Tensor } from '../tensor/index.js';
import type { AnyAttention, QkvBias } from './attention.js';
import { attentions, type AttentionKind } from './attentions.js';
import { Identity } from './identity.js';
import { LayerScale } from './layer-scale.js';
import { mlps, type MlpKind } from './mlp.js';
import { Module } from './module.js';
import { normOf, type NormConfig } from './norms.js';

export interface BlockConfig extends NormConfig {
  readonly width: number;
  readonly heads: number;
  readonly attention: AttentionKind;
  /** Numbers behind the activation of the MLP. */
  readonly hidden: number;
  readonly mlp: MlpKind;
  readonly qkvBias: QkvBias;
  /** Whether all other linear layers have biases. */
  readonly bias: boolean;
  /** Whether queries and keys are normalised. */
  readonly queryKeyNorm: boolean;
  /** Whether there is a norm before the last linear layer of attention and of MLP. */
  readonly scaleNorm: boolean;
  /** Whether each branch has a factor for each number of a token. */
  readonly layerScale: boolean;
  /** Whether what enters a branch is added to what leaves it. */
  readonly residuals: boolean;
}

/**
 * A pre-norm transformer block: `x + ls1(attn(norm1(x)))`, then `x + ls2(mlp(norm2(x)))`; without residuals the same without `x +`.
 * `[batch, tokens, width]`.
 */
export class Block extends Module {
  readonly norm1: Module;
  readonly attn: AnyAttention;
  readonly ls1: Module;
  readonly norm2: Module;
  readonly mlp: Module;
  readonly ls2: Module;
  readonly residuals: boolean;

  /** @throws ShapeError if the heads do not divide the width */
  constructor(config: BlockConfig) {
    super();
    const { width, layerScale } = config;
    this.norm1 = normOf(width, config);
    this.attn = attentions[config.attention].make(config);
    this.ls1 = layerScale ? new LayerScale(width) : new Identity();
    this.norm2 = normOf(width, config);
    this.mlp = mlps[config.mlp](config);
    this.ls2 = layerScale ? new LayerScale(width) : new Identity();
    this.residuals = config.residuals;
  }

  protected override forward(x: Tensor): Tensor {
    const beside = (input: Tensor, branch: Tensor): Tensor => (this.residuals ? add(input, branch) : branch);
    const attended = beside(x, this.ls1.call(this.attn.call(this.norm1.call(x))));
    return beside(attended, this.ls2.call(this.mlp.call(this.norm2.call(attended))));
  }
}

import { add, type Tensor } from '../tensor/index.js';
import { Attention } from './attention.js';
import { LayerNorm } from './layer-norm.js';
import { Mlp } from './mlp.js';
import { Module } from './module.js';

/** A pre-norm transformer block: `x + attn(norm1(x))`, then `x + mlp(norm2(x))`. `[batch, tokens, width]`. */
export class Block extends Module {
  readonly norm1: LayerNorm;
  readonly attn: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;

  constructor(width: number, heads: number, hidden: number, epsilon: number) {
    super();
    this.norm1 = new LayerNorm(width, epsilon);
    this.attn = new Attention(width, heads);
    this.norm2 = new LayerNorm(width, epsilon);
    this.mlp = new Mlp(width, hidden);
  }

  protected override forward(x: Tensor): Tensor {
    const attended = add(x, this.attn.call(this.norm1.call(x)));
    return add(attended, this.mlp.call(this.norm2.call(attended)));
  }
}

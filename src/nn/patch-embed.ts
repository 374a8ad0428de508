import { matmul, permute, reshape, transpose, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { normOf, type NormConfig } from './norms.js';
import { Parameter } from './parameter.js';

export interface PatchEmbedConfig extends NormConfig {
  readonly channels: number;
  /** Height and width, pixels. */
  readonly patch: readonly [height: number, width: number];
  readonly width: number;
  readonly patchBias: boolean;
  readonly patchNorm: boolean;
}

/**
 * A convolution whose stride is its kernel size, written as what it is: each patch flattened and multiplied by
 * one matrix. Holds the weight in the shape in which checkpoints have it.
 */
export class PatchProjection extends Module {
  readonly weight: Parameter; // [width, channels, patchHeight, patchWidth]
  readonly bias: Parameter | undefined; // [width]

  constructor({ channels, patch, width, patchBias }: PatchEmbedConfig) {
    super();
    this.weight = new Parameter([width, channels, ...patch]);
    this.bias = patchBias ? new Parameter([width]) : undefined;
  }

  /** `[batch, channels, height, width]` to `[batch, patches, width]`, patches row by row. */
  protected override forward(image: Tensor): Tensor {
    const [batch, channels, height, breadth] = image.shape;
    const [width, , patchHeight, patchWidth] = this.weight.shape;
    const [rows, columns] = [height / patchHeight, breadth / patchWidth];
    const pixels = channels * patchHeight * patchWidth;
    const cut = reshape(image, [batch, channels, rows, patchHeight, columns, patchWidth]);
    const patches = reshape(permute(cut, [0, 2, 4, 1, 3, 5]), [batch, rows * columns, pixels]);
    return matmul(patches, transpose(reshape(this.weight, [width, pixels])), this.bias);
  }
}

/** Image to patch tokens, under timm's name for the convolution, `patch_embed.proj`. */
export class PatchEmbed extends Module {
  readonly proj: PatchProjection;
  readonly norm: Module;

  constructor(config: PatchEmbedConfig) {
    super();
    this.proj = new PatchProjection(config);
    this.norm = normOf(config.width, config, config.patchNorm);
  }

  protected override forward(image: Tensor): Tensor {
    return this.norm.call(this.proj.call(image));
  }
}

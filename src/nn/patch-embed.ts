import { matmul, permute, reshape, transpose, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/**
 * A convolution whose stride is its kernel size, written as what it is: each patch flattened and multiplied by
 * one matrix. Holds the weight in the shape in which checkpoints have it.
 */
export class PatchProjection extends Module {
  readonly weight: Parameter; // [width, channels, patch, patch]
  readonly bias: Parameter; // [width]

  constructor(channels: number, patch: number, width: number) {
    super();
    this.weight = new Parameter([width, channels, patch, patch]);
    this.bias = new Parameter([width]);
  }

  /** `[batch, channels, height, width]` to `[batch, patches, width]`, patches row by row. */
  protected override forward(image: Tensor): Tensor {
    const [batch, channels, height, breadth] = image.shape;
    const [width, , patch] = this.weight.shape;
    const [rows, columns] = [height / patch, breadth / patch];
    const cut = reshape(image, [batch, channels, rows, patch, columns, patch]);
    const patches = reshape(permute(cut, [0, 2, 4, 1, 3, 5]), [
      batch,
      rows * columns,
      channels * patch * patch,
    ]);
    return matmul(patches, transpose(reshape(this.weight, [width, channels * patch * patch])), this.bias);
  }
}

/** Image to patch tokens, under timm's name for the convolution, `patch_embed.proj`. */
export class PatchEmbed extends Module {
  readonly proj: PatchProjection;

  constructor(channels: number, patch: number, width: number) {
    super();
    this.proj = new PatchProjection(channels, patch, width);
  }

  protected override forward(image: Tensor): Tensor {
    return this.proj.call(image);
  }
}

import { multiply, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/**
 * A learned factor for each number of a token, `[..., width]`, with which a branch counts beside the residual.
 * Source: Touvron et al., "Going deeper with Image Transformers", 2021, equation 4.
 */
export class LayerScale extends Module {
  readonly gamma: Parameter; // [width]

  constructor(width: number) {
    super();
    this.gamma = new Parameter([width]);
  }

  protected override forward(x: Tensor): Tensor {
    return multiply(x, this.gamma);
  }
}

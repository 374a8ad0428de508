import { layerNorm, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** Layer norm over the last axis, with learned scale and shift. */
export class LayerNorm extends Module {
  readonly weight: Parameter; // [width]
  readonly bias: Parameter; // [width]

  constructor(
    width: number,
    readonly epsilon: number,
  ) {
    super();
    this.weight = new Parameter([width]);
    this.bias = new Parameter([width]);
  }

  protected override forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, this.epsilon);
  }
}

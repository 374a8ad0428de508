import { matmul, transpose, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export interface LinearOptions {
  /** Whether there are biases of its own, or whose they are. `[outputs]` */
  readonly bias?: boolean | Tensor;
}

/** `x W^T + b`: `[..., inputs]` to `[..., outputs]`. */
export class Linear extends Module {
  readonly weight: Parameter; // [outputs, inputs]
  readonly bias: Tensor | undefined; // [outputs]

  constructor(inputs: number, outputs: number, { bias = true }: LinearOptions = {}) {
    super();
    this.weight = new Parameter([outputs, inputs]);
    this.bias = bias === true ? new Parameter([outputs]) : bias || undefined;
  }

  protected override forward(x: Tensor): Tensor {
    return matmul(x, transpose(this.weight), this.bias);
  }
}

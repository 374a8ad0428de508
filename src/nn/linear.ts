import { matmul, transpose, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/** `x W^T + b`: `[..., inputs]` to `[..., outputs]`. */
export class Linear extends Module {
  readonly weight: Parameter; // [outputs, inputs]
  readonly bias: Parameter | undefined; // [outputs]

  constructor(inputs: number, outputs: number, { bias = true }: { readonly bias?: boolean } = {}) {
    super();
    this.weight = new Parameter([outputs, inputs]);
    this.bias = bias ? new Parameter([outputs]) : undefined;
  }

  protected override forward(x: Tensor): Tensor {
    return matmul(x, transpose(this.weight), this.bias);
  }
}

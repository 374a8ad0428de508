import { add, divide, mean, multiply, sqrt, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

/**
 * Root mean square norm over the last axis, `x / sqrt(mean(x^2) + epsilon) * weight`: a layer norm that subtracts no mean.
 * Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, equation 4.
 */
export class RmsNorm extends Module {
  readonly weight: Parameter; // [width]

  constructor(
    width: number,
    readonly epsilon: number,
  ) {
    super();
    this.weight = new Parameter([width]);
  }

  protected override forward(x: Tensor): Tensor {
    const meanSquare = mean(multiply(x, x), { axes: -1, keepDims: true });
    return multiply(divide(x, sqrt(add(meanSquare, this.epsilon))), this.weight);
  }
}

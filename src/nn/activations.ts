import { add, gelu, multiply, sigmoid, slice, swiGlu, type Tensor } from '../tensor/index.js';
import { Module } from './module.js';

/**
 * GELU by a hyperbolic tangent, `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`, which is `x sigmoid(2 ...)`.
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2.
 */
function geluTanh(x: Tensor): Tensor {
  const cubic = multiply(x, add(multiply(multiply(x, x), 0.044715), 1));
  return multiply(x, sigmoid(multiply(cubic, 2 * Math.sqrt(2 / Math.PI))));
}

/** `x sigmoid(1.702 x)`; source: as above. */
function quickGelu(x: Tensor): Tensor {
  return multiply(x, sigmoid(multiply(x, 1.702)));
}

/** The first half of the last axis opens the gate for the second: `[..., 2 n]` to `[..., n]`. */
function swiGluOfHalves(x: Tensor): Tensor {
  const half = x.shape[x.rank - 1] / 2;
  return swiGlu(slice(x, -1, 0, half), slice(x, -1, half));
}

interface ActivationFacts {
  readonly of: (x: Tensor) => Tensor;
  /** How many numbers it makes one of. */
  readonly inputs: 1 | 2;
}

export const activations = {
  gelu: { of: gelu, inputs: 1 },
  'gelu-tanh': { of: geluTanh, inputs: 1 },
  'quick-gelu': { of: quickGelu, inputs: 1 },
  swiglu: { of: swiGluOfHalves, inputs: 2 },
} as const satisfies Record<string, ActivationFacts>;

export type ActivationKind = keyof typeof activations;

/** An activation as a module, so that it can be hooked. */
export class Activation extends Module {
  constructor(readonly kind: ActivationKind) {
    super();
  }

  protected override forward(x: Tensor): Tensor {
    return activations[this.kind].of(x);
  }
}

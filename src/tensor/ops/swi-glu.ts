import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { add } from './add.js';
import { element } from './element.js';
import { multiply } from './multiply.js';
import { sigmoid, sigmoidSlope } from './sigmoid.js';

/**
 * A gated linear unit with SiLU as its gate, `silu(gate) * value` where `silu(x) = x sigmoid(x)`, element by element; shapes
 * broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 * Source: Shazeer, "GLU Variants Improve Transformer", 2020, equation 6.
 */
export function swiGlu(gate: TensorLike, value: TensorLike): Tensor {
  return element('swiGlu', gate, value);
}

export const swiGluFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { any: [0, 1] },
  /** `g value (s + gate s')` with `s = sigmoid(gate)`, and `g gate s` */
  vjp: ({ sources: [gate, value] }, g) => {
    const s = sigmoid(gate);
    return [
      () => multiply(multiply(g, value), add(s, multiply(gate, sigmoidSlope(gate, s)))),
      () => multiply(g, multiply(gate, s)),
    ];
  },
};

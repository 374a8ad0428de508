import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';

/**
 * `a` where `condition` is not 0, `b` elsewhere; all three broadcast. The value not chosen has no influence,
 * not even as NaN.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  return element('where', condition, a, b);
}

export const whereFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [1, 2] },
  /** `g` to the operand that was chosen, 0 to the other, nothing to the condition. */
  vjp: ({ sources: [condition] }, g) => [null, () => where(condition, g, 0), () => where(condition, 0, g)],
};

import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { negate } from './negate.js';

/**
 * `a - b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function subtract(a: TensorLike, b: TensorLike): Tensor {
  return element('subtract', a, b);
}

export const subtractFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0, 1] },
  neutral: [null, 0],
  /** `g` and `-g` */
  vjp: (_, g) => [() => g, () => negate(g)],
};

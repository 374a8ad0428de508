import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';

/**
 * `a + b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function add(a: TensorLike, b: TensorLike): Tensor {
  return element('add', a, b);
}

export const addFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { all: [0, 1] },
  neutral: [0, 0],
  /** `g` and `g` */
  vjp: (_, g) => [() => g, () => g],
};

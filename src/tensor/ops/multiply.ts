import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';

/**
 * `a * b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function multiply(a: TensorLike, b: TensorLike): Tensor {
  return element('multiply', a, b);
}

export const multiplyFacts: Facts<'element'> = {
  acts: 'element',
  zeros: { any: [0, 1] },
  neutral: [1, 1],
  /** `g b` and `g a` */
  vjp: ({ sources: [a, b] }, g) => [() => multiply(g, b), () => multiply(g, a)],
};

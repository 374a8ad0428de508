import type { Facts } from '../facts.js';
import type { Tensor, TensorLike } from '../tensor.js';
import { element } from './element.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';

/**
 * `a / b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function divide(a: TensorLike, b: TensorLike): Tensor {
  return element('divide', a, b);
}

export const divideFacts: Facts<'element'> = {
  acts: 'element',
  zeros: 'nowhere',
  neutral: [null, 1],
  /** `g / b` and `-g (a / b) / b` */
  vjp: (y, g) => {
    const b = y.sources[1];
    return [() => divide(g, b), () => negate(divide(multiply(g, y), b))];
  },
};

import type { Tensor, TensorLike } from '../tensor.js';
import { binary } from './elementwise.js';
import type { Vjp } from '../vjp.js';
import { multiply } from './multiply.js';
import { negate } from './negate.js';

/**
 * `a / b`, element by element; shapes broadcast.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function divide(a: TensorLike, b: TensorLike): Tensor {
  return binary('divide', a, b);
}

/** `g / b` and `-g (a / b) / b` */
export const divideVjp: Vjp = (y, g) => {
  const b = y.sources[1];
  return [() => divide(g, b), () => negate(divide(multiply(g, y), b))];
};

import type { Facts } from '../facts.js';
import type { Tensor } from '../tensor.js';
import { chosenVjp } from './chosen-vjp.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Largest element over the given axes, or over all.
 * @throws ShapeError for axes that do not exist or have extent 0
 */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('max', x, options);
}

export const maxFacts: Facts<'fold'> = { acts: 'fold', zeros: 'counted', vjp: chosenVjp };

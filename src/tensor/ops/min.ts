import type { Facts } from '../facts.js';
import type { Tensor } from '../tensor.js';
import { chosenVjp } from './chosen-vjp.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Smallest element over the given axes, or over all.
 * @throws ShapeError for axes that do not exist or have extent 0
 */
export function min(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('min', x, options);
}

export const minFacts: Facts<'fold'> = { acts: 'fold', zeros: 'counted', vjp: chosenVjp };

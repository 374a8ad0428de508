import type { Facts } from '../facts.js';
import type { Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Sum over the given axes, or over all.
 * @throws ShapeError for axes that do not exist
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options);
}

export const sumFacts: Facts<'fold'> = {
  acts: 'fold',
  zeros: 'skipped',
  /** `g` to every element. */
  vjp: ({ sources: [x] }, g) => [() => expand(g, x.shape)],
};

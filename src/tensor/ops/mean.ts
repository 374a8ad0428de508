import type { Facts } from '../facts.js';
import type { Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { multiply } from './multiply.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Arithmetic mean over the given axes, or over all.
 * @throws ShapeError for axes that do not exist or have extent 0
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('mean', x, options);
}

export const meanFacts: Facts<'fold'> = {
  acts: 'fold',
  zeros: 'counted',
  /** `g` divided by the number of elements, to each. */
  vjp: (y, g) => {
    const [x] = y.sources;
    return [() => multiply(expand(g, x.shape), y.size / x.size)];
  },
};

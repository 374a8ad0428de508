import type { Tensor } from '../tensor.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Sum over the given axes, or over all.
 * @throws ShapeError for axes that do not exist
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options);
}

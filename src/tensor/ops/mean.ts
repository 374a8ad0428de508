import type { Tensor } from '../tensor.js';
import { reduce, type ReduceOptions } from './reduce.js';

/**
 * Arithmetic mean over the given axes, or over all.
 * @throws ShapeError for axes that do not exist or have extent 0
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('mean', x, options);
}

import { checkTensors, type Tensor } from '../tensor.js';
import { largestMask } from './largest-mask.js';
import { where } from './where.js';

/**
 * Sets the `count` smallest elements of each row (the last axis) to 0 and keeps the others; the choice, and the
 * order among equal elements, is `largestMask`'s. Shape `[..., n]` to `[..., n]`.
 * @throws ShapeError for a scalar, or unless `count` is a whole number from 0 to n
 */
export function zeroSmallest(x: Tensor, count: number): Tensor {
  checkTensors('zeroSmallest', x);
  return count === 0 ? x : where(largestMask(x, count), x, 0);
}

import { ShapeError } from '../../errors.js';
import { formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';

/**
 * Sets the `count` smallest elements of each row (the last axis) to 0 and keeps the others. Among equal
 * elements the lower index goes first, so the result is unique. -0 equals 0; NaN counts as the largest.
 * Shape `[..., n]` to `[..., n]`.
 * @throws ShapeError for a scalar, or unless `count` is a whole number from 0 to n
 */
export function zeroSmallest(x: Tensor, count: number): Tensor {
  const width = x.shape.at(-1);
  if (width === undefined || !Number.isInteger(count) || count < 0 || count > width) {
    throw new ShapeError(
      `zeroSmallest: cannot zero ${count} elements in each row of shape ${formatShape(x.shape)}; ` +
        'give a whole number from 0 to the extent of the last axis.',
    );
  }
  return count === 0 ? x : new Tensor({ kind: 'zeroSmallest', count }, [x], x.shape);
}

import { ShapeError } from '../../errors.js';
import { Tensor } from '../tensor.js';

/**
 * `exp(x_i - m) / sum_j exp(x_j - m)` over the last axis, with m the row's maximum, so that no exponential
 * overflows. Shape `[..., n]` to `[..., n]`; each row sums to 1.
 * @throws ShapeError for a scalar
 */
export function softmax(x: Tensor): Tensor {
  if (x.rank === 0) throw new ShapeError('softmax: a scalar has no axis to normalise over.');
  return new Tensor({ kind: 'softmax' }, [x], x.shape);
}

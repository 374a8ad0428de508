import { ShapeError } from '../../errors.js';
import type { Facts } from '../facts.js';
import { formatShape, sameShape } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

/**
 * `exp(x_i - m) / sum_j exp(x_j - m)` over the last axis, with m the row's maximum, so that no exponential
 * overflows. Shape `[..., n]` to `[..., n]`; each row sums to 1.
 * @throws ShapeError for a scalar
 */
export function softmax(x: Tensor): Tensor {
  checkTensors('softmax', x);
  if (x.rank === 0) throw new ShapeError('softmax: a scalar has no axis to normalise over.');
  return new Tensor({ kind: 'softmax' }, [x], x.shape);
}

/** `y (g - sum_j y_j g_j)`, over the last axis; y is the softmax itself, `g` of its shape. One kernel. */
export function softmaxGradient(y: Tensor, g: Tensor): Tensor {
  checkTensors('softmaxGradient', y, g);
  if (!sameShape(y.shape, g.shape)) {
    throw new ShapeError(
      `softmaxGradient: the gradient has shape ${formatShape(g.shape)}, but the softmax has ${formatShape(y.shape)}.`,
    );
  }
  return new Tensor({ kind: 'softmaxGradient' }, [y, g], y.shape);
}

export const softmaxFacts: Facts<'row'> = {
  acts: 'row',
  zeros: 'nowhere',
  vjp: (y, g) => [() => softmaxGradient(y, g)],
};

export const softmaxGradientFacts: Facts<'row'> = {
  acts: 'row',
  zeros: { any: [0], rows: [1] },
  /** The Jacobian `diag(y) - y y^T` is symmetric, so with respect to g the same function appears again. */
  vjp: ({ sources: [y, g] }, h) => [
    () => {
      const dot = (a: Tensor, b: Tensor): Tensor => sum(multiply(a, b), { axes: -1, keepDims: true });
      return subtract(multiply(h, subtract(g, dot(y, g))), multiply(g, dot(y, h)));
    },
    () => softmaxGradient(y, h),
  ],
};

import { ShapeError } from '../../errors.js';
import type { Facts } from '../facts.js';
import { checkShape, formatShape, sameShape, type Shape } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/**
 * Repeats axes of extent 1 (and adds leading axes) until the tensor has `shape`. A view: nothing is copied.
 * @throws ShapeError if an extent other than 1 would have to change
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  checkTensors('expand', x);
  checkShape('expand', shape);
  if (sameShape(x.shape, shape)) return x;
  const added = shape.length - x.rank;
  if (added < 0 || !x.shape.every((extent, axis) => extent === 1 || extent === shape[axis + added])) {
    throw new ShapeError(
      `expand: shape ${formatShape(x.shape)} cannot be expanded to ${formatShape(shape)}.`,
    );
  }
  return new Tensor({ kind: 'expand' }, [x], shape);
}

export const expandFacts: Facts<'view'> = {
  acts: 'view',
  /** The sum of `g` over all that was repeated. */
  vjp: (y, g) => {
    const [x] = y.sources;
    const added = y.rank - x.rank;
    const repeated = y.shape.flatMap((extent, axis) =>
      axis < added || (x.shape[axis - added] === 1 && extent !== 1) ? [axis] : [],
    );
    return [() => reshape(sum(g, { axes: repeated }), x.shape)];
  },
};

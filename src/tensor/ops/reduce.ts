import { ShapeError } from '../../errors.js';
import type { Reduction } from '../operation.js';
import { formatShape, resolveAxis } from '../shape.js';
import { Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { attributes, type Vjp } from '../vjp.js';
import { equal } from './compare.js';
import { divide } from './divide.js';
import { expand } from './expand.js';
import { multiply } from './multiply.js';

/** Which axes a reduction folds, and whether they stay behind with extent 1. */
export interface ReduceOptions {
  /** One axis or several, counted from the end when negative; all axes if left out. */
  readonly axes?: number | readonly number[];
  /** Keeps the folded axes with extent 1. Default false. */
  readonly keepDims?: boolean;
}

/** A node that folds axes. The node itself keeps them with extent 1; a reshape drops them if asked. */
export function reduce(name: Reduction, x: Tensor, options: ReduceOptions): Tensor {
  const given = options.axes ?? x.shape.map((_, axis) => axis);
  const axes = [given].flat().map((axis) => resolveAxis(name, axis, x.shape));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(`${name}: axes ${formatShape(axes)} name an axis of ${formatShape(x.shape)} twice.`);
  }
  if (name !== 'sum' && axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(
      `${name}: shape ${formatShape(x.shape)} has nothing to reduce along an axis of extent 0.`,
    );
  }
  if (axes.length === 0) return x;
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const folded = new Tensor({ kind: 'reduce', function: name, axes }, [x], kept);
  if (options.keepDims) return folded;
  return reshape(
    folded,
    kept.filter((_, axis) => !axes.includes(axis)),
  );
}

/**
 * Sum: `g` to every element. Mean: `g` divided by their number. Maximum and minimum: `g` to the element that was
 * chosen, in equal parts if several are equal, as PyTorch's `amax` does.
 */
export const reduceVjp: Vjp = (y, g) => {
  const [x] = y.sources;
  const { function: name, axes } = attributes(y, 'reduce');
  return [
    () => {
      const spread = expand(g, x.shape);
      if (name === 'sum') return spread;
      if (name === 'mean') return multiply(spread, y.size / x.size);
      const chosen = equal(x, y);
      return divide(multiply(chosen, spread), reduce('sum', chosen, { axes, keepDims: true }));
    },
  ];
};

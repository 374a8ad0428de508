import { ShapeError } from '../../errors.js';
import { described, expectNoOther } from '../../given.js';
import type { Reduction } from '../operation.js';
import { formatShape, resolveAxis } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';
import { reshape } from './reshape.js';

/** Which axes a reduction folds, and whether they stay behind with extent 1. */
export interface ReduceOptions {
  /** One axis or several, counted from the end when negative; all axes if left out. */
  readonly axes?: number | readonly number[];
  /** Keeps the folded axes with extent 1. Default false. */
  readonly keepDims?: boolean;
}

/** A node that folds axes. The node itself keeps them with extent 1; a reshape drops them if asked. */
export function reduce(kind: Reduction, x: Tensor, options: ReduceOptions): Tensor {
  checkTensors(kind, x);
  checkOptions(kind, options);
  const given = options.axes ?? x.shape.map((_, axis) => axis);
  const axes = [given].flat().map((axis) => resolveAxis(kind, axis, x.shape));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(`${kind}: axes ${formatShape(axes)} name an axis of ${formatShape(x.shape)} twice.`);
  }
  if (kind !== 'sum' && axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(
      `${kind}: shape ${formatShape(x.shape)} has nothing to reduce along an axis of extent 0.`,
    );
  }
  if (axes.length === 0) return x;
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const folded = new Tensor({ kind, axes }, [x], kept);
  if (options.keepDims) return folded;
  return reshape(
    folded,
    kept.filter((_, axis) => !axes.includes(axis)),
  );
}

/** An axis in the place of options, or a slip in their names, would fold all axes without a word. */
function checkOptions(kind: Reduction, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ShapeError(`${kind}: options: expected { axes, keepDims }, not ${described(options)}.`);
  }
  expectNoOther(kind, options, ['axes', 'keepDims']);
}

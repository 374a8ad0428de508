import { ShapeError } from '../../errors.js';
import { described, expectGiven, numbers } from '../../given.js';
import type { Facts } from '../facts.js';
import { formatShape } from '../shape.js';
import type { Values } from '../storage.js';
import { checkTensors, Tensor } from '../tensor.js';

/**
 * 0 at the `discarded` smallest elements of each row (the last axis), 1 at the others. Among equal elements the
 * lower index is discarded first, so the result is unique. -0 equals 0; NaN counts as the largest.
 * Shape `[..., n]` to `[..., n]`.
 * @throws ShapeError for a scalar, or unless `discarded` is a whole number from 0 to n
 */
export function largestMask(x: Tensor, discarded: number): Tensor {
  checkTensors('largestMask', x);
  const width = x.shape.at(-1);
  if (width === undefined || !Number.isInteger(discarded) || discarded < 0 || discarded > width) {
    throw new ShapeError(
      `largestMask: cannot discard ${described(discarded)} elements in each row of shape ${formatShape(x.shape)}; ` +
        'give a whole number from 0 to the extent of the last axis.',
    );
  }
  return new Tensor({ kind: 'largestMask', discarded }, [x], x.shape);
}

/** The positions of one row, largest first: the order in which `largestMask` keeps them. Of numbers alone, without NaN. */
export function largestFirst(row: Values): number[] {
  expectGiven('largestFirst: the row', row, numbers, ShapeError);
  return Array.from(row.keys()).sort((a, b) => row[b] - row[a] || b - a);
}

export const largestMaskFacts: Facts<'row'> = {
  acts: 'row',
  zeros: 'nowhere',
  /** A choice has gradient 0 wherever it has one: nothing passes. */
  vjp: () => [null],
};

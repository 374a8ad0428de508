import { ShapeError } from '../errors.js';
import { described } from '../given.js';

/** Extents of a tensor's axes, outermost first. A scalar is `[]`; an extent may be 0. */
export type Shape = readonly number[];

/** Number of elements: the product of the extents, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Row-major strides in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `[2, 3]`, as shapes are written in every message. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** @throws ShapeError unless it is a list in which every extent is a whole number of at least 0. */
export function checkShape(operation: string, shape: Shape): void {
  if (!Array.isArray(shape) || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new ShapeError(
      `${operation}: ${described(shape)} is no shape; extents are whole numbers, 0 or more.`,
    );
  }
}

/**
 * The shape that both operands broadcast to, by NumPy's rule: shapes are aligned at their last axis, and an
 * extent of 1 (or a missing axis) stretches to the other operand's.
 * @throws ShapeError naming the operation and both shapes.
 */
export function broadcastShapes(operation: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const extentA = a[axis - rank + a.length] ?? 1;
    const extentB = b[axis - rank + b.length] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw new ShapeError(
        `${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast together.`,
      );
    }
    result[axis] = extentA === 1 ? extentB : extentA;
  }
  return result;
}

/**
 * Turns an axis that may count from the end (-1 is the last) into a plain index.
 * @throws ShapeError if the tensor has no such axis.
 */
export function resolveAxis(operation: string, axis: number, shape: Shape): number {
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(
      `${operation}: axis ${described(axis)} does not exist in shape ${formatShape(shape)}.`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

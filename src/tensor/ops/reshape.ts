import { ShapeError } from '../../errors.js';
import type { Facts } from '../facts.js';
import { checkShape, formatShape, sameShape, sizeOf, type Shape } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';

/**
 * The same elements in the same row-major order under another shape. A view wherever strides allow it.
 * @param shape one extent may be -1: it is worked out from the others
 * @throws ShapeError if the number of elements would change
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensors('reshape', x);
  const resolved = Array.isArray(shape) ? resolveUnknown(x, shape) : shape;
  checkShape('reshape', resolved);
  if (sizeOf(resolved) !== x.size) throw mismatch(x, shape);
  return sameShape(resolved, x.shape) ? x : new Tensor({ kind: 'reshape' }, [x], resolved);
}

function resolveUnknown(x: Tensor, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  if (unknown < 0) return shape;
  const known = sizeOf(shape.filter((_, axis) => axis !== unknown));
  if (known === 0 || !Number.isInteger(x.size / known)) throw mismatch(x, shape);
  return shape.map((extent, axis) => (axis === unknown ? x.size / known : extent));
}

function mismatch(x: Tensor, shape: Shape): ShapeError {
  return new ShapeError(
    `reshape: shape ${formatShape(x.shape)} has ${x.size} elements and cannot become ${formatShape(shape)}.`,
  );
}

export const reshapeFacts: Facts<'view'> = {
  acts: 'view',
  /** `g` in the shape before. */
  vjp: ({ sources: [x] }, g) => [() => reshape(g, x.shape)],
};

import { ShapeError } from '../../errors.js';
import { formatShape, resolveAxis } from '../shape.js';
import { constant, Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { attributes, type Vjp } from '../vjp.js';
import { concat } from './concat.js';
import { expand } from './expand.js';

/**
 * Elements `start` (included) to `end` (excluded) along one axis. A view.
 * @param end the axis's extent if left out
 * @throws ShapeError if the range does not lie within the axis
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const resolved = resolveAxis('slice', axis, x.shape);
  const extent = x.shape[resolved];
  const stop = end ?? extent;
  if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || start > stop || stop > extent) {
    throw new ShapeError(
      `slice: range ${start} to ${stop} does not lie within axis ${axis} of shape ${formatShape(x.shape)}.`,
    );
  }
  if (stop - start === extent) return x;
  const shape = x.shape.map((old, position) => (position === resolved ? stop - start : old));
  return new Tensor({ kind: 'slice', axis: resolved, start }, [x], shape);
}

/**
 * The element at one position of an axis; the axis disappears: `[a, b, c]` selected on axis 1 is `[a, c]`.
 * @throws ShapeError if the position does not exist
 */
export function select(x: Tensor, axis: number, position: number): Tensor {
  const resolved = resolveAxis('select', axis, x.shape);
  const one = slice(x, resolved, position, position + 1);
  return reshape(
    one,
    one.shape.filter((_, other) => other !== resolved),
  );
}

/** `g` in its place, zeros around it. */
export const sliceVjp: Vjp = (node, g) => {
  const { axis, start } = attributes(node, 'slice');
  const [x] = node.sources;
  const zeros = (extent: number): Tensor =>
    expand(
      constant([0], []),
      x.shape.map((old, other) => (other === axis ? extent : old)),
    );
  const after = x.shape[axis] - start - node.shape[axis];
  const parts = [start > 0 ? [zeros(start)] : [], [g], after > 0 ? [zeros(after)] : []].flat();
  return [() => concat(parts, axis)];
};

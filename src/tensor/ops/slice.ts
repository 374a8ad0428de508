import { ShapeError } from '../../errors.js';
import { described } from '../../given.js';
import type { Facts } from '../facts.js';
import { formatShape, resolveAxis } from '../shape.js';
import { checkTensors, literal, Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { expand } from './expand.js';

/**
 * Elements `start` (included) to `end` (excluded) along one axis. A view.
 * @param end the axis's extent if left out
 * @throws ShapeError if the range does not lie within the axis
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  checkTensors('slice', x);
  const resolved = resolveAxis('slice', axis, x.shape);
  const extent = x.shape[resolved];
  const stop = end ?? extent;
  if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || start > stop || stop > extent) {
    throw new ShapeError(
      `slice: range ${described(start)} to ${described(stop)} does not lie within axis ${axis} of shape ${formatShape(x.shape)}.`,
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
  checkTensors('select', x);
  const resolved = resolveAxis('select', axis, x.shape);
  if (!Number.isInteger(position)) {
    throw new ShapeError(`select: position ${described(position)} does not exist on axis ${axis}.`);
  }
  const one = slice(x, resolved, position, position + 1);
  return reshape(
    one,
    one.shape.filter((_, other) => other !== resolved),
  );
}

/** Without a vjp: the gradients of all slices of a tensor are joined. */
export const sliceFacts: Omit<Facts<'view'>, 'vjp'> = { acts: 'view' };

/** A gradient with respect to a slice of some tensor. */
export interface SliceGradient {
  readonly axis: number;
  readonly start: number;
  readonly part: Tensor;
}

/**
 * The vjp of slicing, for all slices of a tensor at once: the gradient of each in its place, zeros around it. Slices
 * along one axis that do not overlap, as query, key and value are cut out of one product, are laid side by side
 * instead of being filled up with zeros and added.
 */
export function joinSlices(x: Tensor, slices: readonly SliceGradient[]): Tensor {
  const rows = new Map<string, SliceGradient[]>();
  for (const slice of [...slices].sort((a, b) => a.start - b.start)) {
    // A slice goes to the first row on its axis that it does not overlap.
    let number = 0;
    let row: SliceGradient[];
    do {
      const key = `${slice.axis} ${number++}`;
      row = rows.get(key) ?? [];
      rows.set(key, row);
    } while (row.length > 0 && endOf(row[row.length - 1]) > slice.start);
    row.push(slice);
  }
  return [...rows.values()].map((row) => join(x, row[0].axis, row)).reduce((sum, row) => add(sum, row));
}

function endOf({ axis, start, part }: SliceGradient): number {
  return start + part.shape[axis];
}

/** Parts in ascending order along an axis of x, zeros between them. */
function join(x: Tensor, axis: number, parts: readonly { start: number; part: Tensor }[]): Tensor {
  const zeros = (extent: number): Tensor[] => {
    const shape = x.shape.map((old, other) => (other === axis ? extent : old));
    return extent > 0 ? [expand(literal(0), shape)] : [];
  };
  let at = 0;
  const pieces = parts.flatMap(({ start, part }) => {
    const gap = zeros(start - at);
    at = start + part.shape[axis];
    return [...gap, part];
  });
  return concat([...pieces, ...zeros(x.shape[axis] - at)], axis);
}

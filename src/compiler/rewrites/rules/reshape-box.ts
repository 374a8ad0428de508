import type { Shape } from '../../../tensor/index.js';
import { isWhole, type Box, type Range } from '../box.js';

/**
 * The smallest box of `to` that holds the elements of a box of `from` and is also a box of `from`; both shapes hold
 * the same elements in row-major order. Axes are taken in the smallest runs that hold equally many elements in
 * both, as `[3 | 4, 5]` and `[3 | 20]`; within a run a box of both shapes is a slab of the first axis of each.
 */
export function reshapeBox(box: Box, from: Shape, to: Shape): Box {
  if (isWhole(box, from)) return to.map((extent): Range => [0, extent]);
  const result: Range[] = to.map(() => [0, 1]);
  let [fromAxis, toAxis] = [0, 0];
  while (fromAxis < from.length || toAxis < to.length) {
    const [fromStart, toStart] = [fromAxis, toAxis];
    let [fromSize, toSize] = [1, 1];
    do {
      if (fromAxis < from.length && (fromSize <= toSize || toAxis === to.length))
        fromSize *= from[fromAxis++];
      else toSize *= to[toAxis++];
    } while (fromSize !== toSize);
    const old = longAxes(from, fromStart, fromAxis);
    const young = longAxes(to, toStart, toAxis);
    if (old.length === 0) continue;
    const [oldInner, youngInner] = [fromSize / from[old[0]], toSize / to[young[0]]];
    const [first, last] = flatEnds(box, old, from);
    const unit = leastCommonMultiple(oldInner, youngInner);
    const start = Math.floor(first / unit) * (unit / youngInner);
    const end = (Math.floor(last / unit) + 1) * (unit / youngInner);
    for (const axis of young) result[axis] = [0, to[axis]];
    result[young[0]] = [start, end];
  }
  return result;
}

/** The axes from `start` to `end` (excluded) that are longer than 1. */
function longAxes(shape: Shape, start: number, end: number): number[] {
  const axes: number[] = [];
  for (let axis = start; axis < end; axis++) if (shape[axis] !== 1) axes.push(axis);
  return axes;
}

/** The first and the last element of a box, counted through the given axes. */
function flatEnds(box: Box, axes: readonly number[], shape: Shape): [first: number, last: number] {
  let [first, last] = [0, 0];
  for (const axis of axes) {
    first = first * shape[axis] + box[axis][0];
    last = last * shape[axis] + box[axis][1] - 1;
  }
  return [first, last];
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

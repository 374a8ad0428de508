import type { Shape } from '../../tensor/index.js';

/*
 * Written with indices where destructuring would read better: these run a few thousand times before anything is
 * compiled, in an interpreter in which each destructured array costs an iterator.
 */

/** Positions `start` (included) to `end` (excluded) of one axis. */
export type Range = readonly [start: number, end: number];

/** A block of a tensor's elements: a range of each axis. Never without elements: that is `null`, nothing. */
export type Box = readonly Range[];

/** All elements of a shape; null if it has none. */
export function wholeBox(shape: Shape): Box | null {
  return shape.includes(0) ? null : shape.map((extent): Range => [0, extent]);
}

export function isWhole(box: Box | null, shape: Shape): boolean {
  if (box === null) return false;
  for (let axis = 0; axis < box.length; axis++) {
    if (box[axis][0] !== 0 || box[axis][1] !== shape[axis]) return false;
  }
  return true;
}

export function sameRange(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function sameBox(a: Box, b: Box): boolean {
  if (a === b) return true;
  for (let axis = 0; axis < a.length; axis++) if (!sameRange(a[axis], b[axis])) return false;
  return true;
}

/** The shape of a box. */
export function extents(box: Box): number[] {
  return box.map((range) => range[1] - range[0]);
}

export function intersectRanges(a: Range, b: Range): Range | null {
  const start = Math.max(a[0], b[0]);
  const end = Math.min(a[1], b[1]);
  return start < end ? [start, end] : null;
}

/** What two boxes have in common. */
export function intersect(a: Box | null, b: Box | null): Box | null {
  if (a === null || b === null) return null;
  if (sameBox(a, b)) return a;
  const common: Range[] = [];
  for (let axis = 0; axis < a.length; axis++) {
    const range = intersectRanges(a[axis], b[axis]);
    if (range === null) return null;
    common.push(range);
  }
  return common;
}

/** The smallest box around two. */
export function hull(a: Box | null, b: Box | null): Box | null {
  if (a === null || b === null) return a ?? b;
  if (sameBox(a, b)) return a;
  return a.map((range, axis) => [Math.min(range[0], b[axis][0]), Math.max(range[1], b[axis][1])]);
}

/** The box with the range of one axis (which may count from the end) replaced. */
export function withRange(box: Box, axis: number, range: Range): Box {
  return box.with(axis, range);
}

/** The box moved along one axis. */
export function shift(box: Box, axis: number, by: number): Box {
  return by === 0 ? box : box.with(axis, [box[axis][0] + by, box[axis][1] + by]);
}

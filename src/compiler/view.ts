import { contiguousStrides, sizeOf, type Shape } from '../tensor/index.js';

/** A window onto a buffer: element `i` of the window lies at `offset + sum(i[axis] * strides[axis])`. */
export interface View {
  /** Index into `Plan.buffers`. */
  readonly buffer: number;
  readonly shape: Shape;
  /** In elements; 0 where an axis is expanded. */
  readonly strides: readonly number[];
  /** In elements. */
  readonly offset: number;
}

/** The whole of a buffer in row-major order. */
export function wholeBuffer(buffer: number, shape: Shape): View {
  return { buffer, shape, strides: contiguousStrides(shape), offset: 0 };
}

export function isContiguous(view: View): boolean {
  const expected = contiguousStrides(view.shape);
  return (
    sizeOf(view.shape) === 0 ||
    view.strides.every((stride, axis) => view.shape[axis] === 1 || stride === expected[axis])
  );
}

/**
 * The view under another shape, or undefined if its strides cannot express it and the elements must be copied
 * first. Works on runs of axes that hold the same number of elements before and after.
 */
export function reshapeView(view: View, shape: Shape): View | undefined {
  if (isContiguous(view)) return { ...view, shape, strides: contiguousStrides(shape) };
  const axes = view.shape.map((_, axis) => axis).filter((axis) => view.shape[axis] !== 1);
  const strides = new Array<number>(shape.length).fill(0);
  let from = axes.length;
  let to = shape.length;
  while (to > 0) {
    // Grow a run of old axes and a run of new ones, innermost first, until they hold equally many elements.
    const runEnd = to;
    let newSize = shape[--to];
    let oldSize = 1;
    const run: number[] = [];
    while (oldSize !== newSize) {
      if (oldSize < newSize) {
        const axis = axes[--from];
        run.unshift(axis);
        oldSize *= view.shape[axis];
      } else {
        newSize *= shape[--to];
      }
    }
    const evenlySpaced = run
      .slice(1)
      .every((axis, position) => view.strides[run[position]] === view.strides[axis] * view.shape[axis]);
    if (!evenlySpaced) return undefined;
    let stride = run.length > 0 ? view.strides[run[run.length - 1]] : 0;
    for (let axis = runEnd - 1; axis >= to; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
  }
  return { ...view, shape, strides };
}

export function permuteView(view: View, axes: readonly number[]): View {
  return {
    ...view,
    shape: axes.map((axis) => view.shape[axis]),
    strides: axes.map((axis) => view.strides[axis]),
  };
}

export function sliceView(view: View, axis: number, start: number, shape: Shape): View {
  return { ...view, shape, offset: view.offset + start * view.strides[axis] };
}

export function expandView(view: View, shape: Shape): View {
  const added = shape.length - view.shape.length;
  const strides = shape.map((extent, axis) => {
    const old = axis - added;
    return old < 0 || view.shape[old] !== extent ? 0 : view.strides[old];
  });
  return { ...view, shape, strides };
}

/**
 * Describes views of one common shape with as few axes as possible: axes of extent 1 vanish, and neighbours
 * that every view walks through evenly become one. Index arithmetic in kernels is per axis, so this is what
 * keeps it short.
 * @param fixed this many trailing axes are left as they are
 */
export function mergeAxes(views: readonly View[], fixed = 0): View[] {
  const { shape } = views[0];
  const free = shape.length - fixed;
  // Of each axis that is left, the innermost of those that became it, and how long it is.
  const inner: number[] = [];
  const extents: number[] = [];
  for (let axis = 0; axis < free; axis++) {
    const extent = shape[axis];
    if (extent === 1) continue;
    const last = inner.length - 1;
    if (last >= 0 && walksEvenly(views, inner[last], axis, extent)) {
      inner[last] = axis;
      extents[last] *= extent;
    } else {
      inner.push(axis);
      extents.push(extent);
    }
  }
  return views.map((view) => ({
    ...view,
    shape: fixed === 0 ? extents : [...extents, ...view.shape.slice(free)],
    strides: [...inner.map((axis) => view.strides[axis]), ...view.strides.slice(free)],
  }));
}

/** Whether every view walks through both axes as through one: a step of the outer one is all of the inner one. */
function walksEvenly(views: readonly View[], outer: number, inner: number, extent: number): boolean {
  for (const { strides } of views) if (strides[outer] !== strides[inner] * extent) return false;
  return true;
}

import type { Shape } from '../../../tensor/index.js';
import { gather, rowMajor } from '../strided.js';

/** A tensor of a file whose numbers are in memory. */
export interface Part {
  readonly shape: Shape;
  readonly values: Float32Array<ArrayBuffer>;
}

/** How tensors of one dialect make one of another. */
export interface Transform {
  /** Of the result; undefined if tensors of these shapes do not make any. */
  readonly shape: (shapes: readonly Shape[]) => Shape | undefined;
  readonly values: (parts: readonly Part[]) => Float32Array<ArrayBuffer>;
}

/** One tensor under another name. */
export const same: Transform = { shape: ([shape]) => shape, values: ([part]) => part.values };

/** One tensor, its axes in another order: axis i of the result is axis `order[i]` of the tensor. */
export function permuted(...order: readonly number[]): Transform {
  const along = <T>(axes: readonly T[]): T[] => order.map((axis) => axes[axis]);
  return {
    shape: ([shape]) => (shape.length === order.length ? along(shape) : undefined),
    values: ([{ shape, values }]) => gather(values, along(shape), along(rowMajor(shape))),
  };
}

/** One tensor, its numbers in the same order in another shape. */
export function reshaped(to: (shape: Shape) => Shape | undefined): Transform {
  return { shape: ([shape]) => to(shape), values: ([part]) => part.values };
}

/** One tensor through one transform after another. */
export function inTurn(first: Transform, ...others: readonly Transform[]): Transform {
  return others.reduce(
    (before, next): Transform => ({
      shape: (shapes) => {
        const middle = before.shape(shapes);
        return middle && next.shape([middle]);
      },
      values: (parts) =>
        next.values([
          { shape: before.shape(parts.map(({ shape }) => shape))!, values: before.values(parts) },
        ]),
    }),
    first,
  );
}

/** Several tensors below each other, along the first axis, each through a transform before. */
export function stacked(each: Transform = same): Transform {
  return {
    shape: (shapes) => {
      const transformed = shapes.map((shape) => each.shape([shape]));
      const [first] = transformed;
      if (!first || first.length === 0) return undefined;
      const rest = first.slice(1).join();
      const isAlike = (shape: Shape | undefined): shape is Shape =>
        shape?.length === first.length && shape.slice(1).join() === rest;
      if (!transformed.every(isAlike)) return undefined;
      return [transformed.reduce((rows, [extent]) => rows + extent, 0), ...first.slice(1)];
    },
    values: (parts) => {
      const pieces = parts.map((part) => each.values([part]));
      const result = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        result.set(piece, at);
        at += piece.length;
      }
      return result;
    },
  };
}

/** Of `of` equal pieces along the first axis, those from `first` up to `end`. */
export function rows(first: number, end: number, of: number): Transform {
  return {
    shape: ([[extent, ...rest]]) =>
      extent % of === 0 ? [((end - first) * extent) / of, ...rest] : undefined,
    values: ([{ values }]) => values.slice((first * values.length) / of, (end * values.length) / of),
  };
}

/** Zeros, one for each place along an axis of the tensor. */
export function zerosAlong(axis: number): Transform {
  return {
    shape: ([shape]) => (axis < shape.length ? [shape[axis]] : undefined),
    values: ([{ shape }]) => new Float32Array(shape[axis]),
  };
}

/** `[width]` or `[tokens, width]` with axes of length 1 before it: `[1, 1, width]`, `[1, tokens, width]`. */
export const withBatchAxis: Transform = reshaped((shape) => {
  if (shape.length === 3) return shape;
  if (shape.length === 2) return [1, ...shape];
  return shape.length === 1 ? [1, 1, ...shape] : undefined;
});

const isPositions = (shape: Shape | undefined): boolean =>
  shape?.length === 3 && shape[0] === 1 && shape[1] > 1;

/** A class token `[1, 1, width]`, and the first of the positions `[1, tokens, width]` added to it. */
export const plusFirstPosition: Transform = {
  shape: ([token, positions]) =>
    isPositions(positions) && token.join() === [1, 1, positions[2]].join() ? token : undefined,
  values: ([token, positions]) => token.values.map((value, i) => value + positions.values[i]),
};

/** Positions `[1, tokens, width]` without the first. */
export const withoutFirstPosition: Transform = {
  shape: ([shape]) => (isPositions(shape) ? [1, shape[1] - 1, shape[2]] : undefined),
  values: ([{ shape, values }]) => values.slice(shape[2]),
};

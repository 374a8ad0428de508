import { ShapeError } from '../../errors.js';
import { described } from '../../given.js';
import type { Facts } from '../facts.js';
import { formatShape, resolveAxis } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';
import { attributes } from '../vjp.js';

/**
 * Reorders axes: axis `i` of the result is axis `axes[i]` of `x`. A view.
 * @throws ShapeError unless `axes` names every axis once
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  checkTensors('permute', x);
  if (!Array.isArray(axes)) throw new ShapeError(`permute: ${described(axes)} is no list of axes.`);
  const order = axes.map((axis: number) => resolveAxis('permute', axis, x.shape));
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw new ShapeError(
      `permute: axes ${formatShape(axes)} must name each axis of shape ${formatShape(x.shape)} exactly once.`,
    );
  }
  return new Tensor(
    { kind: 'permute', axes: order },
    [x],
    order.map((axis) => x.shape[axis]),
  );
}

/**
 * Exchanges the last two axes: `[..., m, n]` becomes `[..., n, m]`.
 * @throws ShapeError for a tensor of fewer than two axes
 */
export function transpose(x: Tensor): Tensor {
  checkTensors('transpose', x);
  if (x.rank < 2) throw new ShapeError(`transpose: shape ${formatShape(x.shape)} has fewer than two axes.`);
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

export const permuteFacts: Facts<'view'> = {
  acts: 'view',
  /** `g` with the axes put back. */
  vjp: (node, g) => {
    const { axes } = attributes(node, 'permute');
    return [
      () =>
        permute(
          g,
          axes.map((_, axis) => axes.indexOf(axis)),
        ),
    ];
  },
};

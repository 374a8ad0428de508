import { ShapeError } from '../../errors.js';
import type { Facts } from '../facts.js';
import { formatShape, resolveAxis } from '../shape.js';
import { checkTensorList, Tensor } from '../tensor.js';
import { attributes } from '../vjp.js';
import { slice } from './slice.js';

/**
 * Joins tensors along an axis; all other extents must agree.
 * @throws ShapeError if there is nothing to join or the shapes do not fit
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  checkTensorList('concat', tensors);
  if (tensors.length === 0) throw new ShapeError('concat: at least one tensor is needed.');
  const [first] = tensors;
  if (tensors.length === 1) return first;
  const resolved = resolveAxis('concat', axis, first.shape);
  for (const tensor of tensors) {
    const fits =
      tensor.rank === first.rank &&
      tensor.shape.every((extent, other) => other === resolved || extent === first.shape[other]);
    if (!fits) {
      throw new ShapeError(
        `concat: shapes ${formatShape(first.shape)} and ${formatShape(tensor.shape)} differ outside axis ${axis}.`,
      );
    }
  }
  const total = tensors.reduce((sum, tensor) => sum + tensor.shape[resolved], 0);
  const shape = first.shape.map((extent, other) => (other === resolved ? total : extent));
  return new Tensor({ kind: 'concat', axis: resolved }, tensors, shape);
}

export const concatFacts: Facts<'join'> = {
  acts: 'join',
  /** Each source's own part of `g`. */
  vjp: (node, g) => {
    const { axis } = attributes(node, 'concat');
    const extents = node.sources.map((source) => source.shape[axis]);
    return extents.map((extent, position) => () => {
      const start = extents.slice(0, position).reduce((sum, other) => sum + other, 0);
      return slice(g, axis, start, start + extent);
    });
  },
};

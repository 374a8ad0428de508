import { ShapeError } from '../../errors.js';
import type { Facts } from '../facts.js';
import { broadcastShapes, formatShape, sizeOf } from '../shape.js';
import { checkTensors, Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { transpose } from './permute.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/**
 * Matrix product over the last two axes, `[..., m, k]` by `[..., k, n]` to `[..., m, n]`; leading axes
 * broadcast. Operands may be views of any strides: a transposed operand costs no copy.
 * @param bias `[n]`, added to each row
 * @throws ShapeError if the inner extents differ, the leading axes do not broadcast, or the bias does not fit
 */
export function matmul(a: Tensor, b: Tensor, bias?: Tensor): Tensor {
  checkTensors('matmul', a, b);
  if (bias !== undefined) checkTensors('matmul', bias);
  if (a.rank < 2 || b.rank < 2 || a.shape[a.rank - 1] !== b.shape[b.rank - 2]) {
    throw new ShapeError(
      `matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply; ` +
        'the last axis of the first must equal the last but one of the second.',
    );
  }
  const [rows, columns] = [a.shape[a.rank - 2], b.shape[b.rank - 1]];
  if (bias && (bias.rank !== 1 || bias.shape[0] !== columns)) {
    throw new ShapeError(`matmul: a bias of shape [${columns}] is needed, not ${formatShape(bias.shape)}.`);
  }
  if (b.rank === 2 && a.rank > 2) {
    // One matrix for the whole batch, as in every linear layer: the batch joins the rows of one large product,
    // and the gradient of `b` becomes one product too instead of a sum over the batch.
    const flat = reshape(a, [sizeOf(a.shape.slice(0, -1)), b.shape[0]]);
    return reshape(matmul(flat, b, bias), [...a.shape.slice(0, -1), columns]);
  }
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const operands = [expand(a, [...batch, ...a.shape.slice(-2)]), expand(b, [...batch, ...b.shape.slice(-2)])];
  return new Tensor({ kind: 'matmul' }, bias ? [...operands, bias] : operands, [...batch, rows, columns]);
}

export const matmulFacts: Facts<'product'> = {
  acts: 'product',
  /**
   * `g b^T`, `a^T g`, and the sum of g over all rows for the bias. Where an operand is the transpose of something, as a
   * linear layer's weight and the keys are, its gradient is computed in that something's order, so that nobody has to
   * turn it around: `(b g^T)^T` and `(g^T a)^T`.
   */
  vjp: ({ sources: [a, b, bias], rank }, g) => [
    () => (isTransposed(a) ? transpose(matmul(b, transpose(g))) : matmul(g, transpose(b))),
    () => (isTransposed(b) ? transpose(matmul(transpose(g), a)) : matmul(transpose(a), g)),
    ...((bias as Tensor | undefined)
      ? [() => sum(g, { axes: Array.from({ length: rank - 1 }, (_, axis) => axis) })]
      : []),
  ],
};

function isTransposed({ operation, rank }: Tensor): boolean {
  if (operation.kind !== 'permute') return false;
  const { axes } = operation;
  return axes[rank - 1] === rank - 2 && axes[rank - 2] === rank - 1;
}

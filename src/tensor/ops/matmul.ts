import { ShapeError } from '../../errors.js';
import { broadcastShapes, formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { expand } from './expand.js';

/**
 * Matrix product over the last two axes, `[..., m, k]` by `[..., k, n]` to `[..., m, n]`; leading axes
 * broadcast. Operands may be views of any strides: a transposed operand costs no copy.
 * @param bias `[n]`, added to each row
 * @throws ShapeError if the inner extents differ, the leading axes do not broadcast, or the bias does not fit
 */
export function matmul(a: Tensor, b: Tensor, bias?: Tensor): Tensor {
  if (a.rank < 2 || b.rank < 2 || a.shape[a.rank - 1] !== b.shape[b.rank - 2]) {
    throw new ShapeError(
      `matmul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply; ` +
        'the last axis of the first must equal the last but one of the second.',
    );
  }
  const [matrixA, matrixB] = [a.shape.slice(-2), b.shape.slice(-2)];
  const columns = matrixB[1];
  if (bias && (bias.rank !== 1 || bias.shape[0] !== columns)) {
    throw new ShapeError(`matmul: a bias of shape [${columns}] is needed, not ${formatShape(bias.shape)}.`);
  }
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const operands = [expand(a, [...batch, ...matrixA]), expand(b, [...batch, ...matrixB])];
  return new Tensor({ kind: 'matmul' }, bias ? [...operands, bias] : operands, [
    ...batch,
    matrixA[0],
    columns,
  ]);
}

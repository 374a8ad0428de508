import type { ElementFunction, OperationOf } from '../operation.js';
import { broadcastShapes } from '../shape.js';
import { asTensor, Tensor, type TensorLike } from '../tensor.js';
import { expand } from './expand.js';

/** A node that applies a function to each element of its operands, after broadcasting. */
export function element(kind: ElementFunction, ...operands: readonly TensorLike[]): Tensor {
  const tensors = operands.map((operand) => asTensor(kind, operand));
  const shape = tensors.map((tensor) => tensor.shape).reduce((a, b) => broadcastShapes(kind, a, b));
  // In a union of more than 25 members TypeScript does not look for the one of each kind.
  const operation = { kind } as OperationOf<ElementFunction>;
  return new Tensor(
    operation,
    tensors.map((tensor) => expand(tensor, shape)),
    shape,
  );
}

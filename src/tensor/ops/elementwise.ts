import type { BinaryFunction, UnaryFunction } from '../operation.js';
import { broadcastShapes } from '../shape.js';
import { asTensor, Tensor, type TensorLike } from '../tensor.js';
import { expand } from './expand.js';

/** A node that applies a function to each element. */
export function unary(name: UnaryFunction, x: TensorLike): Tensor {
  const source = asTensor(x);
  return new Tensor({ kind: 'unary', function: name }, [source], source.shape);
}

/** A node that applies a function to pairs of elements, after broadcasting. */
export function binary(name: BinaryFunction, a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = [asTensor(a), asTensor(b)];
  const shape = broadcastShapes(name, left.shape, right.shape);
  return new Tensor({ kind: 'binary', function: name }, [expand(left, shape), expand(right, shape)], shape);
}

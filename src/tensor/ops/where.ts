import { broadcastShapes } from '../shape.js';
import { asTensor, Tensor, type TensorLike } from '../tensor.js';
import { expand } from './expand.js';
import type { Vjp } from '../vjp.js';

/**
 * `a` where `condition` is not 0, `b` elsewhere; all three broadcast. The value not chosen has no influence,
 * not even as NaN.
 * @throws ShapeError if the shapes do not broadcast together
 */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const operands = [condition, a, b].map(asTensor);
  const shape = operands
    .map((operand) => operand.shape)
    .reduce((left, right) => broadcastShapes('where', left, right));
  return new Tensor(
    { kind: 'where' },
    operands.map((operand) => expand(operand, shape)),
    shape,
  );
}

/** `g` to the operand that was chosen, 0 to the other, nothing to the condition. */
export const whereVjp: Vjp = ({ sources: [condition] }, g) => [
  null,
  () => where(condition, g, 0),
  () => where(condition, 0, g),
];

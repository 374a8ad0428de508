import { sizeOf, type OperationOf, type Reduction } from '../tensor/index.js';
import type { Step } from './plan.js';
import { mergeAxes, permuteView, type View } from './view.js';

/** Moves the folded axes behind the kept ones and merges each group for itself. */
export function reduceStep({ kind, axes }: OperationOf<Reduction>, source: View, output: View): Step {
  const all = source.shape.map((_, axis) => axis);
  const kept = all.filter((axis) => !axes.includes(axis));
  const [keptPart] = mergeAxes([permuteView(source, kept)]);
  const [foldedPart] = mergeAxes([permuteView(source, axes)]);
  const input = {
    ...source,
    shape: [...keptPart.shape, ...foldedPart.shape],
    strides: [...keptPart.strides, ...foldedPart.strides],
  };
  const size = sizeOf(keptPart.shape);
  const flat = { ...output, shape: [size], strides: [1] };
  return { kind: 'reduce', function: kind, kept: keptPart.shape.length, inputs: [input], output: flat };
}

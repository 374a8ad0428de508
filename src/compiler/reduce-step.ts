import { sizeOf, type OperationOf, type Reduction } from '../tensor/index.js';
import type { Made, Step } from './plan.js';
import { mergeAxes, permuteView, type View } from './view.js';

/**
 * Moves the folded axes behind the kept ones and merges each group for itself.
 * @param made what is folded, of the sources, which have one shape
 */
export function reduceStep(
  { kind, axes }: OperationOf<Reduction>,
  made: Made,
  sources: readonly View[],
  output: View,
): Step {
  const all = sources[0].shape.map((_, axis) => axis);
  const parts = (some: readonly number[]): View[] =>
    mergeAxes(sources.map((view) => permuteView(view, some)));
  const kept = parts(all.filter((axis) => !axes.includes(axis)));
  const folded = parts(axes);
  const inputs = sources.map((source, position) => ({
    ...source,
    shape: [...kept[position].shape, ...folded[position].shape],
    strides: [...kept[position].strides, ...folded[position].strides],
  }));
  const flat = { ...output, shape: [sizeOf(kept[0].shape)], strides: [1] };
  return { kind: 'reduce', function: kind, made, kept: kept[0].shape.length, inputs, output: flat };
}

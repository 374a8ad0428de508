import type { KindOf, OperationOf } from '../tensor/index.js';
import type { Step } from './plan.js';
import { mergeAxes, type View } from './view.js';

export type RowOperation = OperationOf<KindOf<'row'>>;

/** Describes an operation on rows, the last axis, with as few other axes as possible. */
export function rowStep(operation: RowOperation, sources: readonly View[], output: View): Step {
  // What is `[n]`, the same for every row, has no other axes.
  const isShared = ({ shape }: View): boolean => shape.length < output.shape.length;
  const [merged, ...rows] = mergeAxes([output, ...sources.filter((source) => !isShared(source))], 1);
  const inputs: readonly View[] = sources.map((source) => (isShared(source) ? source : rows.shift()!));
  return { ...operation, kind: operation.kind satisfies Step['kind'], inputs, output: merged } as Step;
}

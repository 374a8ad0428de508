import type { Operation } from '../tensor/index.js';
import type { Step } from './plan.js';
import { mergeAxes, type View } from './view.js';

type RowKind = 'softmax' | 'largestMask' | 'softmaxGradient' | 'layerNorm' | 'layerNormGradient';
export type RowOperation = Extract<Operation, { kind: RowKind }>;

/** Describes an operation on rows, the last axis, with as few other axes as possible. */
export function rowStep(operation: RowOperation, sources: readonly View[], output: View): Step {
  switch (operation.kind) {
    case 'softmax':
    case 'largestMask': {
      const [input, merged] = mergeAxes([sources[0], output], 1);
      return { ...operation, inputs: [input], output: merged };
    }
    case 'softmaxGradient': {
      const [y, gradient, merged] = mergeAxes([sources[0], sources[1], output], 1);
      return { ...operation, inputs: [y, gradient], output: merged };
    }
    case 'layerNorm': {
      const [input, merged] = mergeAxes([sources[0], output], 1);
      return { ...operation, inputs: [input, sources[1], sources[2]], output: merged };
    }
    case 'layerNormGradient': {
      const [x, weight, ...rest] = sources;
      const [merged, input, gradient, ...residual] = mergeAxes([output, x, ...rest], 1);
      return { ...operation, inputs: [input, weight, gradient, ...residual], output: merged };
    }
  }
}

import {
  gradient,
  largestMask,
  layerNorm,
  softmax,
  softmaxGradient,
  type KindOf,
  type Shape,
} from '../../../tensor/index.js';
import { several, type KernelSizes, type Trials } from './trial.js';

const shapes: readonly Shape[] = [[1], [7], [197], [64], [3, 197], [2, 3, 5], [4, 1], [2, 300], [0, 3]];

/** Rows of several operands. */
export const rowSizes = (operands: number): KernelSizes => ({
  meanings: [['R', 'C']],
  shapes: (r, c) => Array.from({ length: operands }, () => [r, c]),
});

export const rows: Trials<KindOf<'row'>> = {
  softmax: {
    build: softmax,
    shapes: shapes.map((shape) => [shape]),
    kernel: rowSizes(1),
    range: [-30, 30],
    gradientRange: [-2, 2],
  },
  softmaxGradient: {
    build: softmaxGradient,
    shapes: several(shapes).map((shape) => [shape, shape]),
    kernel: rowSizes(2),
    relative: 1e-5,
  },
  layerNorm: {
    build: (x, weight, bias) => layerNorm(x, weight, bias, 1e-6),
    shapes: shapes.map((shape) => [shape, shape.slice(-1), shape.slice(-1)]),
    kernel: { meanings: [['R', 'C']], shapes: (r, c) => [[r, c], [c], [c]] },
    relative: 1e-5,
  },
  layerNormGradient: {
    build: (x, weight, g) => gradient(layerNorm(x, weight, weight, 1e-3), [x], { seed: g })[0],
    shapes: shapes.map((shape) => [shape, shape.slice(-1), shape]),
    kernel: { meanings: [['R', 'C']], shapes: (r, c) => [[r, c], [c], [r, c]] },
    relative: 1e-5,
  },
  largestMask: {
    build: (x) => largestMask(x, x.shape[x.rank - 1] >> 1),
    // A long row as well: it is searched in another way.
    shapes: [...shapes, [2, 3000]].map((shape) => [shape]),
    kernel: rowSizes(1),
    relative: 0,
  },
};

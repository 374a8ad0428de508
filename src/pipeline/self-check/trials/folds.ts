import { max, mean, min, sum, type Reduction, type Shape } from '../../../tensor/index.js';
import { rowSizes } from './rows.js';
import type { Trial, Trials } from './trial.js';

const shapes: readonly Shape[] = [[1], [7], [197], [3, 197], [2, 3, 5], [4, 1], [0, 3]];

const lastAxis = {
  shapes: shapes.map((shape) => [shape]),
  kernel: rowSizes(1),
  // Of one sign: a single number that is left of numbers which cancel may have any relative error.
  range: [0.5, 2],
} satisfies Partial<Trial>;

export const folds: Trials<Reduction> = {
  sum: { ...lastAxis, build: (x) => sum(x, { axes: -1 }), relative: 1e-5 },
  mean: { ...lastAxis, build: (x) => mean(x, { axes: -1 }), relative: 1e-5 },
  max: { ...lastAxis, build: (x) => max(x, { axes: -1 }), relative: 0 },
  min: { ...lastAxis, build: (x) => min(x, { axes: -1 }), relative: 0 },
};

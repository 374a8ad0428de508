import {
  concat,
  expand,
  matmul,
  permute,
  reshape,
  slice,
  type KindOf,
  type Shape,
} from '../../../tensor/index.js';
import type { Trials } from './trial.js';

/** Left and right operand of a product. */
const operands = (m: number, k: number, n: number): Shape[] => [
  [m, k],
  [k, n],
];

/** What moves elements about, or takes them from several places. */
export const moves: Trials<KindOf<'view' | 'join' | 'product'>> = {
  reshape: { build: (x) => reshape(x, [5, -1]), shapes: [[[2, 3, 5]]], relative: 0 },
  expand: { build: (x) => expand(x, [2, 3, 5]), shapes: [[[3, 1]], [[5]], [[]]], relative: 0 },
  permute: { build: (x) => permute(x, [3, 0, 2, 1]), shapes: [[[2, 3, 5, 7]], [[1, 0, 3, 2]]], relative: 0 },
  slice: { build: (x) => slice(x, 1, 2, 3), shapes: [[[5, 7]], [[2, 3, 4]]], relative: 0 },
  concat: {
    build: (...parts) => concat(parts, 1),
    shapes: [
      [
        [2, 3],
        [2, 1],
        [2, 5],
      ],
      [
        [3, 0, 2],
        [3, 7, 2],
      ],
    ],
    relative: 0,
  },
  matmul: {
    build: (a, b) => matmul(a, b),
    shapes: [operands(2, 3, 5), operands(197, 64, 197), operands(33, 7, 65), operands(3, 0, 2)],
    kernel: {
      meanings: [
        ['M', 'K', 'N'],
        ['B', 'M', 'K', 'N'],
      ],
      shapes: (...extents) => {
        const [m, k, n] = extents.slice(-3);
        return operands(m, k, n).map((shape) => [...extents.slice(0, -3), ...shape]);
      },
    },
  },
};

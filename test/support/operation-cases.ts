import * as v from '../../src/index.js';
import { trials } from '../../src/pipeline/self-check/trials/index.js';
import { folds } from '../../src/pipeline/self-check/trials/folds.js';
import type { Trial } from '../../src/pipeline/self-check/trials/trial.js';

/** One way of using an operation: the shapes of its inputs, and the graph built on them. */
export interface OperationCase extends Omit<Trial, 'shapes' | 'kernel'> {
  readonly name: string;
  readonly shapes: readonly v.Shape[];
}

/** Every operation, in the shapes that stand in the table. */
const tried: OperationCase[] = Object.entries<Trial>(trials).flatMap(([name, { shapes, ...trial }]) =>
  shapes.map((list) => ({ ...trial, name: [name, ...list.map(v.formatShape)].join(' '), shapes: list })),
);

/** Folds of other axes than the last. */
const reductions: OperationCase[] = (Object.keys(folds) as v.Reduction[]).flatMap((name) => [
  ...[[], [2, 3, 197]].map((shape) => ({
    ...folds[name],
    name: `${name} of all ${v.formatShape(shape)}`,
    shapes: [shape],
    build: (x: v.Tensor) => v[name](x),
  })),
  ...[0, 1, 2, 3, [0, 2], [1, 3], [-1, -2], [0, 1, 2]].map((axes) => ({
    name: `${name} over ${axes.toString()} of [2, 3, 5, 67]`,
    shapes: [[2, 3, 5, 67]],
    build: (x: v.Tensor) => v[name](x, { axes }),
    relative: 1e-5,
  })),
  {
    name: `${name} of a permuted view`,
    shapes: [[3, 4, 5, 2]],
    build: (x: v.Tensor) => v[name](v.permute(x, [3, 1, 0, 2]), { axes: [1, 3], keepDims: true }),
    relative: 1e-5,
  },
]);

/** A single sum of numbers of both signs may come close to 0, where its relative error is unbounded. */
const single = (m: number, n: number): Pick<OperationCase, 'range'> =>
  m * n === 1 ? { range: [0.5, 2] } : {};

const products: OperationCase[] = [
  ...[
    [1, 1, 1],
    [2, 3, 5],
    [1, 197, 1],
    [3, 199, 197],
    [197, 64, 197],
    [199, 3, 1],
    [33, 7, 65],
    [4, 4, 4],
    [3, 0, 2],
  ].flatMap(([m, k, n]) => [
    {
      name: `matmul ${m}x${k}x${n}`,
      shapes: [
        [m, k],
        [k, n],
      ],
      build: (a: v.Tensor, b: v.Tensor) => v.matmul(a, b),
      ...single(m, n),
    },
    {
      name: `matmul ${m}x${k}x${n} with bias`,
      shapes: [[m, k], [k, n], [n]],
      build: (a: v.Tensor, b: v.Tensor, bias: v.Tensor) => v.matmul(a, b, bias),
      ...single(m, n),
    },
    {
      name: `matmul ${m}x${k}x${n}, both transposed`,
      shapes: [
        [k, m],
        [n, k],
      ],
      build: (a: v.Tensor, b: v.Tensor) => v.matmul(v.transpose(a), v.transpose(b)),
      ...single(m, n),
    },
  ]),
  {
    name: 'matmul of a batch with one matrix',
    shapes: [
      [3, 5, 7],
      [7, 2],
    ],
    build: (a, b) => v.matmul(a, b),
  },
  {
    name: 'matmul of one matrix with a batch',
    shapes: [
      [5, 7],
      [3, 7, 2],
    ],
    build: (a, b) => v.matmul(a, b),
  },
  {
    name: 'matmul with batches that broadcast both ways',
    shapes: [[3, 1, 5, 7], [4, 7, 2], [2]],
    build: (a, b, bias) => v.matmul(a, b, bias),
  },
  {
    name: 'matmul of a permuted batch with one matrix',
    shapes: [
      [5, 3, 7],
      [7, 2],
    ],
    build: (a, b) => v.matmul(v.permute(a, [1, 0, 2]), b),
  },
  {
    name: 'matmul of strided query and key as in attention',
    shapes: [[2, 17, 3 * 2 * 8]],
    build: (qkv) => {
      const [q, k] = [0, 1].map((part) =>
        v.select(v.permute(v.reshape(qkv, [2, 17, 3, 2, 8]), [2, 0, 3, 1, 4]), 0, part),
      );
      return v.matmul(q, v.transpose(k));
    },
  },
];

const rows: OperationCase[] = [
  ...[[1], [7], [197], [64], [3, 197], [2, 3, 5], [4, 1], [2, 300], [0, 3]].map((shape) => ({
    name: `zeroSmallest ${v.formatShape(shape)}`,
    shapes: [shape],
    build: (x: v.Tensor) => v.zeroSmallest(x, Math.ceil(shape[shape.length - 1] / 2)),
  })),
  {
    name: 'softmax of transposed rows',
    shapes: [[3, 5, 7]],
    build: (x) => v.softmax(v.permute(x, [2, 0, 1])),
  },
  {
    name: 'layerNorm far from zero (cancellation)',
    shapes: [[5, 192], [192], [192]],
    build: (x, weight, bias) => v.layerNorm(v.add(x, 1000), weight, bias, 1e-6),
    // The input itself is rounded to 6e-5 of its spread: that, not the kernel, sets the bound.
    relative: 1e-4,
  },
  {
    name: 'the gradients of a residual branch with a layer norm, added up',
    shapes: [[2, 7, 36], [36], [36], [2, 7, 36]],
    build: (x, weight, bias, g) =>
      v.gradient(v.add(v.layerNorm(x, weight, bias, 1e-3), x), [x], { seed: g })[0],
    relative: 1e-5,
  },
  {
    name: 'the same with rows that are not full, and a residual out of a permuted tensor',
    shapes: [[3, 5, 7], [7], [7], [3, 5, 7], [7, 3, 5]],
    build: (x, weight, bias, g, residual) =>
      v.add(
        v.permute(residual, [1, 2, 0]),
        v.gradient(v.layerNorm(x, weight, bias, 1e-3), [x], { seed: g })[0],
      ),
    relative: 1e-5,
  },
  {
    name: 'zeroSmallest of a strided matrix, patch columns only',
    shapes: [[2, 197, 197]],
    build: (x) => v.zeroSmallest(v.reshape(v.slice(x, 2, 1), [2, 197 * 196]), 34750),
  },
];

const movement: OperationCase[] = [
  { name: 'reshape of a transpose', shapes: [[3, 5, 2]], build: (x) => v.reshape(v.transpose(x), [6, 5]) },
  {
    name: 'reshape of a slice',
    shapes: [[4, 6]],
    build: (x) => v.reshape(v.slice(x, 1, 2, 6), [2, 2, 2, 2]),
  },
  { name: 'slice in the middle', shapes: [[5, 7]], build: (x) => v.slice(v.slice(x, 0, 1, 4), 1, 2, 3) },
  { name: 'slice of nothing', shapes: [[5, 7]], build: (x) => v.slice(x, 0, 2, 2) },
  { name: 'select', shapes: [[5, 3, 7]], build: (x) => v.select(x, 1, 2) },
  { name: 'expand, then reshape', shapes: [[3, 1]], build: (x) => v.reshape(v.expand(x, [2, 3, 5]), [6, 5]) },
  {
    name: 'concat of views on the first axis',
    shapes: [
      [3, 2],
      [1, 3],
    ],
    build: (a, b) => v.concat([v.transpose(a), v.expand(b, [4, 3])], 0),
  },
  { name: 'the input itself', shapes: [[197]], build: (x) => x },
  {
    name: 'where of a comparison',
    shapes: [[3, 1], [1, 5], []],
    build: (condition, a, b) => v.where(v.greater(condition, 0), a, b),
  },
  // More workgroups than one dimension of a dispatch may have.
  { name: 'add of 4.3 million elements', shapes: [[2, 2_150_401]], build: (x) => v.add(x, 1) },
];

/** Every operation, over shapes and layouts. */
export const operationCases: OperationCase[] = [...tried, ...reductions, ...products, ...rows, ...movement];

import * as v from '../../src/index.js';
import type { OperationCase } from './operation-cases.js';

type Build = OperationCase['build'];

/** Ways to lay the right operand `[k, n]` out: what is stored, and how it is read. */
const layouts: Readonly<Record<string, { stored: (k: number, n: number) => number[]; read: Build }>> = {
  rows: { stored: (k, n) => [k, n], read: (b) => b },
  columns: { stored: (k, n) => [n, k], read: (b) => v.transpose(b) },
  'rows from the fourth element on': {
    stored: (k, n) => [k, n + 4],
    read: (b) => v.slice(b, 1, 4),
  },
  'columns from the first element on': {
    stored: (k, n) => [n, k + 1],
    read: (b) => v.transpose(v.slice(b, 1, 1)),
  },
};

/** Where vectors of four fit and where not: 197 and 199 are prime, 3 and 1 are shorter than a vector. */
const sizes = [
  [1, 64, 4],
  [3, 8, 197],
  [17, 192, 64],
  [197, 4, 3],
  [40, 199, 36],
  [9, 197, 8],
  [5, 1, 1],
  [2, 768, 33],
  [40, 530, 36],
];

const laidOut: OperationCase[] = sizes.flatMap(([m, k, n]) =>
  Object.entries(layouts).flatMap(([name, { stored, read }]) => [
    {
      name: `${m}x${k}x${n}, right operand by ${name}`,
      shapes: [[m, k], stored(k, n)],
      build: (a: v.Tensor, b: v.Tensor) => v.matmul(a, read(b)),
    },
    {
      name: `${m}x${k}x${n}, left operand transposed, right operand by ${name}`,
      shapes: [[k, m], stored(k, n)],
      build: (a: v.Tensor, b: v.Tensor) => v.matmul(v.transpose(a), read(b)),
    },
  ]),
);

/** An epilogue on top of `[m, k]` by `[k, n]`: further inputs, and what is built. */
interface EpilogueCase {
  readonly name: string;
  readonly more: (m: number, n: number) => number[][];
  readonly build: (product: (bias?: v.Tensor) => v.Tensor, ...more: v.Tensor[]) => v.Tensor;
}

const epilogues: EpilogueCase[] = [
  { name: 'scale', more: () => [], build: (product) => v.multiply(product(), -0.125) },
  { name: 'bias, gelu', more: (_, n) => [[n]], build: (product, bias) => v.gelu(product(bias)) },
  {
    name: 'bias, strided residual',
    more: (m, n) => [[n], [n, m]],
    build: (product, bias, residual) => v.add(v.transpose(residual), product(bias)),
  },
  {
    name: 'scale, gelu, residual that is one row',
    more: (_, n) => [[1, n]],
    build: (product, residual) => {
      const y = v.gelu(v.multiply(product(), 0.5));
      return v.add(y, v.expand(residual, y.shape));
    },
  },
  { name: 'scale, softmax', more: () => [], build: (product) => v.softmax(v.multiply(product(), -0.125)) },
  {
    name: 'bias, strided residual, softmax',
    more: (m, n) => [[n], [n, m]],
    build: (product, bias, residual) => v.softmax(v.add(v.transpose(residual), product(bias))),
  },
  {
    name: 'bias, residual out of a wider matrix',
    more: (m, n) => [[n], [m, n + 3]],
    build: (product, bias, residual) => v.add(product(bias), v.slice(residual, 1, 3)),
  },
];

// One row of 36, not of 4: four random sums may all be so negative that `gelu` leaves only their rounding.
const withEpilogue: OperationCase[] = [
  [1, 64, 36],
  [7, 5, 3],
  [19, 192, 40],
  [197, 64, 197],
].flatMap(([m, k, n]) =>
  epilogues.map(({ name, more, build }) => ({
    name: `${m}x${k}x${n}, then ${name}`,
    shapes: [[m, k], [n, k], ...more(m, n)],
    build: (a: v.Tensor, b: v.Tensor, ...rest: v.Tensor[]) =>
      build((bias) => v.matmul(a, v.transpose(b), bias), ...rest),
    relative: 4e-6,
  })),
);

const others: OperationCase[] = [
  ...[2, 9].flatMap((rows): OperationCase[] => [
    {
      name: `${rows}x24x16, a right operand whose rows are copies`,
      shapes: [
        [rows, 24],
        [1, 16],
      ],
      build: (a, b) => v.matmul(a, v.expand(b, [24, 16])),
    },
    {
      name: `${rows}x24x19 of three images, right operands whose rows are copies`,
      shapes: [
        [3, rows, 24],
        [3, 1, 19],
      ],
      build: (a, b) => v.matmul(a, v.expand(b, [3, 24, 19])),
    },
    {
      // The reshape leaves the row, which is the only one, no stride.
      name: `${rows}x1x19 of three images, right operands that a reshape gave a row`,
      shapes: [
        [3, rows, 1],
        [3, 20],
      ],
      build: (a, b) => v.matmul(a, v.reshape(v.slice(b, 1, 1), [3, 1, 19])),
    },
  ]),
  {
    name: 'the gradient of gelu, fused with the product before it',
    shapes: [
      [19, 36],
      [36, 8],
    ],
    build: (x, w) => {
      const y = v.matmul(v.gelu(x), w);
      return v.gradient(v.sum(v.multiply(y, y)), [x])[0];
    },
    relative: 1e-5,
  },
  {
    name: 'query and key of several images and heads, scaled, with a residual',
    shapes: [
      [2, 17, 3 * 2 * 8],
      [2, 2, 17, 17],
    ],
    build: (qkv, residual) => {
      const [q, k] = [0, 1].map((part) =>
        v.select(v.permute(v.reshape(qkv, [2, 17, 3, 2, 8]), [2, 0, 3, 1, 4]), 0, part),
      );
      return v.add(v.multiply(v.matmul(q, v.transpose(k)), 8 ** -0.5), residual);
    },
  },
  {
    name: 'heads that are joined: a product, permuted and reshaped',
    shapes: [
      [2, 3, 17, 9],
      [2, 3, 9, 8],
    ],
    build: (a, b) => v.reshape(v.permute(v.gelu(v.matmul(a, b)), [0, 2, 1, 3]), [2, 17, 24]),
  },
  {
    name: 'products beside each other, one transposed, one scaled: the gradient of query, key and value',
    shapes: [
      [3, 17, 9],
      [3, 9, 8],
      [3, 8, 9],
      [3, 9, 17],
    ],
    build: (a, b, c, d) => {
      const parts = [v.matmul(a, b), v.transpose(v.matmul(c, d)), v.multiply(v.matmul(a, b), 0.5)];
      const stacked = v.concat(
        parts.map((part) => v.reshape(part, [1, 3, 17, 8])),
        0,
      );
      return v.reshape(v.permute(stacked, [2, 0, 1, 3]), [17, 72]);
    },
  },
  {
    name: 'batches along five axes, which do not merge',
    shapes: [
      [2, 1, 2, 1, 2, 3, 4],
      [1, 2, 1, 3, 1, 4, 5],
    ],
    build: (a, b) => v.matmul(a, b),
  },
  {
    name: 'batches along five axes, which do not merge, then softmax',
    shapes: [
      [2, 1, 2, 1, 2, 7, 4],
      [1, 2, 1, 3, 1, 4, 9],
    ],
    build: (a, b) => v.softmax(v.matmul(a, b)),
  },
  {
    name: 'attention of two images, joined',
    shapes: [[2, 17, 3 * 2 * 8]],
    build: (qkv) => {
      const [q, k, values] = [0, 1, 2].map((part) =>
        v.select(v.permute(v.reshape(qkv, [2, 17, 3, 2, 8]), [2, 0, 3, 1, 4]), 0, part),
      );
      const attention = v.softmax(v.multiply(v.matmul(q, v.transpose(k)), 8 ** -0.5));
      return v.reshape(v.permute(v.matmul(attention, values), [0, 2, 1, 3]), [2, 17, 16]);
    },
  },
  {
    name: 'a product without columns, then softmax',
    shapes: [
      [3, 4],
      [4, 0],
    ],
    build: (a, b) => v.softmax(v.matmul(a, b)),
  },
  {
    // Scores as of a softmax that is certain: its other exponentials are 0.
    name: 'softmax of large products',
    shapes: [
      [9, 64],
      [64, 37],
    ],
    build: (a, b) => v.softmax(v.multiply(v.matmul(a, b), 100)),
    relative: 1e-3,
  },
  {
    // More layers of workgroups than one dimension of a dispatch may have, whatever the kernel's tile.
    name: 'products of 66 000 images',
    shapes: [
      [66_000, 1, 2],
      [66_000, 2, 1],
    ],
    build: (a, b) => v.matmul(a, b),
  },
  {
    name: 'products of 66 000 images, then softmax',
    shapes: [
      [66_000, 1, 2],
      [66_000, 2, 3],
    ],
    build: (a, b) => v.softmax(v.matmul(a, b)),
  },
];

/** Products over layouts and epilogues; the gradients of products do not depend on these, so they are not among `operationCases`. */
export const productCases: OperationCase[] = [...laidOut, ...withEpilogue, ...others];

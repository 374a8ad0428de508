import { describe, expect, test } from '@jest/globals';
import { rewrite } from '../../src/compiler/rewrite.js';
import * as v from '../../src/index.js';

/*
 * What is computed, and where: rewritten graphs as text. A slice is written as in Python, zeros that fill up a
 * concatenation are `0[shape]`, and a number behind a function is the axis.
 */

function textOf({ operation, sources, shape }: v.Tensor): string {
  const [first] = sources;
  const given = sources.map(textOf).join(', ');
  switch (operation.kind) {
    case 'input':
      return operation.name;
    case 'literal':
      return Object.is(operation.value, -0) ? '-0' : String(operation.value);
    case 'expand':
      return `${textOf(first)}[${shape.join()}]`;
    case 'reshape':
      return `reshape[${shape.join()}](${given})`;
    case 'slice': {
      const { axis, start } = operation;
      return `${textOf(first)}[${':,'.repeat(axis)}${start}:${start + shape[axis]}]`;
    }
    case 'concat':
      return `concat${operation.axis}(${given})`;
    case 'permute':
      return `permute${operation.axes.join('')}(${given})`;
    case 'sum':
    case 'mean':
      return `${operation.kind}${operation.axes.join('')}(${given})`;
    default:
      return `${operation.kind}(${given})`;
  }
}

const [x, z] = [v.input('x', [2, 6, 4]), v.input('z', [2, 6, 4])];
const w = v.input('w', [4, 3]);
const zeros = (...shape: number[]): v.Tensor => v.expand(v.literal(0), shape);
/** `y` `[2, 2, 4]`, beside zeros, `[2, 6, 4]`. */
const y = v.input('y', [2, 2, 4]);
const inside = v.concat([zeros(2, 2, 4), y, zeros(2, 2, 4)], 1);
const above = v.concat([y, zeros(2, 4, 4)], 1);
const below = v.concat([zeros(2, 4, 4), y], 1);
const nothing = v.slice(inside, 1, 0, 2);

/** The first image is 0. */
const second = v.concat([zeros(1, 6, 4), v.slice(z, 0, 0, 1)], 0);
const empty = v.input('e', [0, 6, 4]);
const product = v.matmul(v.reshape(x, [12, 4]), w);
const joined = v.concat([x, z], 1);
const gradientOf = (of: v.Tensor, by: v.Tensor, seed: v.Tensor): v.Tensor =>
  v.gradient(of, [by], { seed })[0];

type Case = readonly [written: string, graph: v.Tensor, rewritten: string];

function check(written: string, cases: readonly Case[], scalesProducts = true): void {
  describe(written, () => {
    test.each(cases)('%s', (_, graph, expected) => {
      expect(textOf(rewrite([graph], scalesProducts).get(graph)!)).toBe(expected);
    });
  });
}

check('beside zeros', [
  ['z + inside', v.add(z, inside), 'concat1(z[:,0:2], add(z[:,2:4], y), z[:,4:6])'],
  ['inside + z', v.add(inside, z), 'concat1(z[:,0:2], add(y, z[:,2:4]), z[:,4:6])'],
  ['z - inside', v.subtract(z, inside), 'concat1(z[:,0:2], subtract(z[:,2:4], y), z[:,4:6])'],
  ['inside - z', v.subtract(inside, z), 'subtract(concat1(0[2,2,4], y, 0[2,2,4]), z)'],
  ['z + above', v.add(z, above), 'concat1(add(z[:,0:2], y), z[:,2:6])'],
  ['below + z', v.add(below, z), 'concat1(z[:,0:4], add(y, z[:,4:6]))'],
  [
    'above + inside',
    v.add(above, inside),
    'concat1(add(concat1(y, 0[2,2,4]), concat1(0[2,2,4], y)), 0[2,2,4])',
  ],
  ['above + below', v.add(above, below), 'add(concat1(y, 0[2,4,4]), concat1(0[2,4,4], y))'],
  ['inside + inside', v.add(inside, v.relu(inside)), 'concat1(0[2,2,4], add(y, relu(y)), 0[2,2,4])'],
  [
    'z + corner',
    v.add(z, v.concat([v.slice(inside, 0, 0, 1), zeros(1, 6, 4)], 0)),
    'add(z, concat1(0[2,2,4], concat0(y[0:1], 0[1,2,4]), 0[2,2,4]))',
  ],
  ['z + nothing', v.add(v.slice(z, 1, 0, 2), nothing), 'z[:,0:2]'],
  ['nothing + z', v.add(nothing, v.slice(z, 1, 0, 2)), 'z[:,0:2]'],
  ['z - nothing', v.subtract(v.slice(z, 1, 0, 2), nothing), 'z[:,0:2]'],
  ['nothing - z', v.subtract(nothing, v.slice(z, 1, 0, 2)), 'subtract(0[2,2,4], z[:,0:2])'],
  ['nothing + nothing', v.add(nothing, v.relu(nothing)), '0[2,2,4]'],
  ['z * inside', v.multiply(z, inside), 'concat1(0[2,2,4], multiply(z[:,2:4], y), 0[2,2,4])'],
  ['above * inside', v.multiply(above, inside), '0[2,6,4]'],
  ['z / inside', v.divide(z, inside), 'divide(z, concat1(0[2,2,4], y, 0[2,2,4]))'],
  ['inside / z', v.divide(inside, z), 'divide(concat1(0[2,2,4], y, 0[2,2,4]), z)'],
  ['relu(inside)', v.relu(inside), 'concat1(0[2,2,4], relu(y), 0[2,2,4])'],
  ['exp(inside)', v.exp(inside), 'exp(concat1(0[2,2,4], y, 0[2,2,4]))'],
  [
    'where(z, inside, above)',
    v.where(z, inside, above),
    'concat1(where(z[:,0:4], concat1(0[2,2,4], y), concat1(y, 0[2,2,4])), 0[2,2,4])',
  ],
  [
    'where(inside, z, above)',
    v.where(inside, z, above),
    'where(concat1(0[2,2,4], y, 0[2,2,4]), z, concat1(y, 0[2,4,4]))',
  ],
  ['softmax(inside)', v.softmax(inside), 'softmax(concat1(0[2,2,4], y, 0[2,2,4]))'],
  ['largestMask(inside)', v.largestMask(inside, 2), 'largestMask(concat1(0[2,2,4], y, 0[2,2,4]))'],
  [
    'layerNorm(inside)',
    v.layerNorm(inside, v.input('a', [4]), v.input('b', [4]), 1),
    'layerNorm(concat1(0[2,2,4], y, 0[2,2,4]), a, b)',
  ],
  ['sum(inside)', v.sum(inside, { axes: 1, keepDims: true }), 'sum1(y)'],
  ['mean(inside)', v.mean(inside, { axes: 1, keepDims: true }), 'mean1(concat1(0[2,2,4], y, 0[2,2,4]))'],
  [
    'sum(inside) over rows',
    v.sum(inside, { axes: 2, keepDims: true }),
    'concat1(0[2,2,1], sum2(y), 0[2,2,1])',
  ],
  [
    'mean(inside) over rows',
    v.mean(inside, { axes: 2, keepDims: true }),
    'concat1(0[2,2,1], mean2(y), 0[2,2,1])',
  ],
  ['permute(inside)', v.permute(inside, [2, 0, 1]), 'concat2(0[4,2,2], permute201(y), 0[4,2,2])'],
  [
    'reshape(relu(inside))',
    v.reshape(v.relu(inside), [2, 24]),
    'concat1(0[2,8], reshape[2,8](relu(y)), 0[2,8])',
  ],
  [
    'reshape(relu(inside)), joined',
    v.reshape(v.relu(inside), [12, 4]),
    'reshape[12,4](concat1(0[2,2,4], relu(y), 0[2,2,4]))',
  ],
  [
    'reshape(inside), split',
    v.reshape(v.relu(inside), [2, 3, 2, 2, 2]),
    'concat1(0[2,1,2,2,2], reshape[2,1,2,2,2](relu(y)), 0[2,1,2,2,2])',
  ],
  [
    'expand(inside)',
    v.expand(v.reshape(v.relu(inside), [1, 2, 6, 4]), [3, 2, 6, 4]),
    'concat2(0[3,2,2,4], reshape[1,2,2,4](relu(y))[3,2,2,4], 0[3,2,2,4])',
  ],
  [
    'expand(column of inside)',
    v.expand(v.relu(v.slice(inside, 2, 0, 1)), [2, 6, 4]),
    'concat1(0[2,2,4], relu(y[:,:,0:1])[2,2,4], 0[2,2,4])',
  ],
  ['concat(inside, z)', v.concat([inside, z], 0), 'concat0(concat1(0[2,2,4], y, 0[2,2,4]), z)'],
  [
    'concat(inside, 0, z)',
    v.concat([inside, zeros(2, 1, 4), z], 1),
    'concat1(0[2,2,4], concat1(concat1(y, 0[2,2,4]), 0[2,1,4], z))',
  ],
  ['inside @ w', v.matmul(inside, w), 'concat1(0[2,2,3], matmul(y, w[2,4,3]), 0[2,2,3])'],
  [
    'inside @ w + bias',
    v.matmul(inside, w, v.input('b', [3])),
    'matmul(concat1(0[2,2,4], y, 0[2,2,4]), w[2,4,3], b)',
  ],
  ['inside^T @ z', v.matmul(v.transpose(inside), z), 'matmul(permute021(y), z[:,2:4])'],
  ['above^T @ below', v.matmul(v.transpose(above), below), '0[2,4,4]'],
  ['nothing @ w', v.matmul(nothing, w), '0[2,2,3]'],
  ['nothing @ w + bias', v.matmul(nothing, w, v.input('b', [3])), 'matmul(0[2,2,4], w[2,4,3], b)'],
  ['z @ nothing^T', v.matmul(z, v.transpose(nothing)), '0[2,6,2]'],
  ['second @ z^T', v.matmul(second, v.transpose(z)), 'concat0(0[1,6,6], matmul(z[0:1], permute021(z[1:2])))'],
  ['z @ second^T', v.matmul(z, v.transpose(second)), 'concat0(0[1,6,6], matmul(z[1:2], permute021(z[0:1])))'],
  [
    'expand(inside) by an axis',
    v.expand(v.relu(inside), [3, 2, 6, 4]),
    'concat2(0[3,2,2,4], relu(y)[3,2,2,4], 0[3,2,2,4])',
  ],
  [
    'the gradient of softmax(z) by inside',
    gradientOf(v.softmax(z), z, inside),
    'concat1(0[2,2,4], softmaxGradient(softmax(z[:,2:4]), y), 0[2,2,4])',
  ],
  [
    'the gradient of softmax(z) by nothing',
    v.slice(gradientOf(v.softmax(z), z, inside), 1, 0, 2),
    '0[2,2,4]',
  ],
  [
    'the middle of z + inside',
    v.slice(v.add(z, inside), 1, 1, 5),
    'concat1(z[:,1:5][:,0:1], add(z[:,1:5][:,1:3], y), z[:,1:5][:,3:4])',
  ],
  [
    'the middle of inside + z',
    v.slice(v.add(inside, z), 1, 1, 3),
    'concat1(z[:,1:3][:,0:1], add(y[:,0:1], z[:,1:3][:,1:2]))',
  ],
  [
    'inside @ above^T',
    v.matmul(inside, v.transpose(above)),
    'concat2(concat1(0[2,2,2], matmul(y, permute021(y)), 0[2,2,2]), 0[2,6,4])',
  ],
]);

check('parts that are asked for', [
  ['of relu', v.slice(v.relu(x), 1, 2, 4), 'relu(x[:,2:4])'],
  ['of a slice', v.slice(v.slice(x, 1, 1, 5), 1, 1, 3), 'x[:,2:4]'],
  ['of all of it', v.slice(v.relu(x), 1, 0, 6), 'relu(x)'],
  ['of inside', v.slice(inside, 1, 1, 3), 'concat1(0[2,1,4], y[:,0:1])'],
  ['of inside, no zeros', v.slice(v.exp(inside), 1, 2, 4), 'exp(y)'],
  ['of softmax', v.slice(v.slice(v.softmax(x), 2, 1, 2), 1, 0, 1), 'softmax(x[:,0:1])[:,:,1:2]'],
  ['of a concatenation', v.slice(v.concat([v.relu(x), z], 1), 1, 5, 8), 'concat1(relu(x[:,5:6]), z[:,0:2])'],
  ['of a concatenation, the second', v.slice(v.concat([v.relu(x), z], 1), 1, 7, 8), 'z[:,1:2]'],
  ['of permute', v.slice(v.permute(v.relu(x), [2, 0, 1]), 0, 1, 2), 'permute201(relu(x[:,:,1:2]))'],
  [
    'of expand',
    v.slice(v.slice(v.expand(v.relu(v.slice(x, 1, 0, 1)), [2, 6, 4]), 1, 1, 3), 2, 0, 1),
    'relu(x[:,0:1][:,:,0:1])[2,2,1]',
  ],
  ['of sum', v.slice(v.sum(v.relu(x), { axes: 1, keepDims: true }), 2, 1, 3), 'sum1(relu(x[:,:,1:3]))'],
  [
    'of a product',
    v.slice(v.slice(v.matmul(v.relu(x), w), 2, 1, 2), 1, 0, 2),
    'matmul(relu(x[:,0:2]), w[:,1:2][2,4,1])',
  ],
  [
    'of a product and bias',
    v.slice(v.matmul(x, w, v.relu(v.input('b', [3]))), 2, 1, 2),
    'matmul(x, w[:,1:2][2,4,1], relu(b[1:2]))',
  ],
  ['of reshape', v.slice(v.reshape(v.relu(x), [2, 24]), 1, 8, 16), 'reshape[2,8](relu(x[:,2:4]))'],
  [
    'of reshape, parts of rows',
    v.slice(v.reshape(v.relu(x), [2, 24]), 1, 9, 14),
    'reshape[2,8](relu(x[:,2:4]))[:,1:6]',
  ],
  ['of reshape, joined', v.slice(v.reshape(v.relu(x), [48]), 0, 4, 8), 'reshape[24](relu(x[0:1]))[4:8]'],
  [
    'of reshape, split',
    v.slice(v.reshape(v.relu(x), [2, 2, 3, 4]), 1, 1, 2),
    'reshape[2,1,3,4](relu(x[:,3:6]))',
  ],
  [
    'of reshape, other rows',
    v.slice(v.reshape(v.relu(v.input('r', [6, 4])), [4, 6]), 0, 0, 1),
    'reshape[2,6](relu(r[0:3]))[0:1]',
  ],
  [
    'of reshape, one extent more',
    v.slice(v.reshape(v.relu(x), [2, 6, 4, 1]), 1, 2, 4),
    'reshape[2,2,4,1](relu(x[:,2:4]))',
  ],
  [
    'of reshape, one extent before',
    v.slice(v.reshape(v.relu(x), [1, 2, 6, 4]), 2, 2, 4),
    'reshape[1,2,2,4](relu(x[:,2:4]))',
  ],
  [
    'of reshape, one extent less',
    v.slice(v.reshape(v.relu(v.slice(x, 2, 0, 1)), [2, 6]), 1, 2, 4),
    'reshape[2,2](relu(x[:,2:4][:,:,0:1]))',
  ],
  [
    'two of one',
    v.add(v.slice(v.relu(x), 1, 0, 1), v.slice(v.relu(x), 1, 4, 5)),
    'add(relu(x[:,0:5])[:,0:1], relu(x[:,0:5])[:,4:5])',
  ],
]);

const bias = v.input('b', [3]);
check('simpler', [
  ['x + 0', v.add(x, 0), 'x'],
  ['0 + x', v.add(0, x), 'x'],
  ['x - 0', v.subtract(x, 0), 'x'],
  ['0 - x', v.subtract(0, x), 'subtract(0[2,6,4], x)'],
  ['x * 1', v.multiply(x, 1), 'x'],
  ['1 * x', v.multiply(1, x), 'x'],
  ['x / 1', v.divide(x, 1), 'x'],
  ['1 / x', v.divide(1, x), 'divide(1[2,6,4], x)'],
  ['x + -0', v.add(x, -0), 'add(x, -0[2,6,4])'],
  ['x * 0', v.multiply(x, 0), 'multiply(x, 0[2,6,4])'],
  ['sum over an axis of 1', v.sum(v.reshape(v.relu(x), [2, 6, 1, 4]), { axes: 2 }), 'relu(x)'],
  ['max over an axis of more', v.max(x, { axes: 2 }), 'reshape[2,6](max(x))'],
  ['reshape(reshape(x))', v.reshape(v.reshape(x, [12, 4]), [48]), 'reshape[48](x)'],
  [
    'reshape(reshape(x)), some extents the same',
    v.reshape(v.reshape(x, [12, 4]), [2, 4, 6]),
    'reshape[2,4,6](x)',
  ],
  [
    'reshape(reshape(x)), one extent more',
    v.reshape(v.reshape(x, [12, 4]), [2, 6, 4, 1]),
    'reshape[2,6,4,1](x)',
  ],
  ['expand(m @ w)', v.expand(v.matmul(v.input('m', [6, 4]), w), [2, 6, 3]), 'matmul(m, w)[2,6,3]'],
  [
    'x @ w, its rows split otherwise',
    v.reshape(product, [2, 2, 9]),
    'reshape[2,2,9](matmul(reshape[12,4](x), w))',
  ],
  [
    'x @ w, read elsewhere too',
    v.multiply(v.reshape(product, [2, 6, 3]), v.reshape(v.relu(product), [2, 6, 3])),
    'multiply(reshape[2,6,3](matmul(reshape[12,4](x), w)), reshape[2,6,3](relu(matmul(reshape[12,4](x), w))))',
  ],
  ['nothing at all @ w', v.matmul(empty, w), '0[0,6,3]'],
  [
    'x @ z^T, its rows split',
    v.reshape(v.matmul(x, v.transpose(z)), [2, 2, 3, 6]),
    'reshape[2,2,3,6](matmul(x, permute021(z)))',
  ],
  [
    'a concatenation, read elsewhere too',
    v.multiply(v.relu(joined), v.exp(joined)),
    'multiply(relu(concat1(x, z)), exp(concat1(x, z)))',
  ],
  ['reshape back', v.reshape(v.reshape(x, [12, 4]), [2, 6, 4]), 'x'],
  ['x @ w', v.matmul(x, w), 'matmul(x, w[2,4,3])'],
  ['x @ w + b', v.matmul(x, w, bias), 'matmul(x, w[2,4,3], b)'],
  [
    'x @ w, used twice',
    v.add(v.matmul(x, w), v.reshape(v.matmul(x, w), [2, 6, 3])),
    'add(matmul(x, w[2,4,3]), matmul(x, w[2,4,3]))',
  ],
  [
    'a product, its rows joined otherwise',
    v.reshape(v.matmul(v.reshape(x, [12, 4]), w), [4, 9]),
    'reshape[4,9](matmul(reshape[12,4](x), w))',
  ],
  ['relu(concat(x, z))', v.relu(v.concat([x, z], 1)), 'concat1(relu(x), relu(z))'],
  [
    'concat(x, z) + u',
    v.add(v.concat([x, z], 0), v.input('u', [4, 6, 4])),
    'concat0(add(x, u[0:2]), add(z, u[2:4]))',
  ],
  [
    'u - concat(x, z)',
    v.subtract(v.input('u', [4, 6, 4]), v.concat([x, z], 0)),
    'concat0(subtract(u[0:2], x), subtract(u[2:4], z))',
  ],
  ['exp(relu(concat(x, z)))', v.exp(v.relu(v.concat([x, z], 1))), 'exp(concat1(relu(x), relu(z)))'],
  [
    'where(concat(x, z), ..)',
    v.where(v.concat([x, z], 0), v.input('u', [4, 6, 4]), 1),
    'where(concat0(x, z), u, 1[4,6,4])',
  ],
  [
    '(x * 2) @ w',
    v.matmul(v.multiply(x, 2), w),
    'reshape[2,6,3](multiply(matmul(reshape[12,4](x), w), 2[12,3]))',
  ],
  [
    'x @ (2 * w)',
    v.matmul(x, v.multiply(2, w)),
    'reshape[2,6,3](multiply(matmul(reshape[12,4](x), w), 2[12,3]))',
  ],
  [
    '(x * 2)^T @ (z * 3)',
    v.matmul(v.transpose(v.multiply(x, 2)), v.multiply(z, 3)),
    'multiply(matmul(permute021(x), z), 6[2,4,4])',
  ],
  [
    '(x * 2 * 3) @ w',
    v.matmul(v.multiply(v.multiply(x, 2), 3), w),
    'reshape[2,6,3](multiply(matmul(reshape[12,4](x), w), 6[12,3]))',
  ],
  ['(x * 2) @ w + b', v.matmul(v.multiply(x, 2), w, bias), 'matmul(multiply(x, 2[2,6,4]), w[2,4,3], b)'],
  ['(x * z) @ w', v.matmul(v.multiply(x, z), w), 'matmul(multiply(x, z), w[2,4,3])'],
  ['(x + 2) @ w', v.matmul(v.add(x, 2), w), 'matmul(add(x, 2[2,6,4]), w[2,4,3])'],
]);

check(
  'where products cannot scale',
  [['(x * 2) @ w', v.matmul(v.multiply(x, 2), w), 'matmul(multiply(x, 2[2,6,4]), w[2,4,3])']],
  false,
);

describe('what computes the same is left once, and nothing else', () => {
  const square = v.input('s', [4, 4, 4]);
  const areOne = (a: v.Tensor, b: v.Tensor): boolean => {
    const pair = v.concat([a, b], 0);
    const [one, other] = rewrite([pair], true).get(pair)!.sources;
    return one === other;
  };

  test.each<readonly [string, () => v.Tensor]>([
    ['a function', () => v.relu(x)],
    ['two of them', () => v.exp(v.relu(x))],
    ['a slice', () => v.slice(x, 1, 1, 3)],
    ['a permutation', () => v.permute(square, [2, 0, 1])],
    ['a sum with a number', () => v.add(x, 0.5)],
    ['a mask', () => v.largestMask(x, 2)],
  ])('%s', (_, build) => {
    expect(areOne(build(), build())).toBe(true);
  });

  test.each<readonly [string, v.Tensor, v.Tensor]>([
    ['functions whose names are as long', v.relu(x), v.sqrt(x)],
    ['sources', v.relu(x), v.relu(z)],
    ['orders of sources', v.subtract(x, z), v.subtract(z, x)],
    ['starts of slices', v.slice(x, 1, 1, 3), v.slice(x, 1, 2, 4)],
    [
      'axes of slices',
      v.slice(v.slice(square, 0, 1, 3), 1, 1, 3),
      v.slice(v.slice(square, 0, 1, 3), 1, 0, 2),
    ],
    ['permutations', v.permute(square, [0, 2, 1]), v.permute(square, [1, 0, 2])],
    ['masks', v.largestMask(x, 1), v.largestMask(x, 2)],
    ['inputs of one name', v.input('x', [2, 6, 4]), x],
    ['numbers', v.add(x, 0.5), v.add(x, 0.25)],
  ])('not other %s', (_, a, b) => {
    expect(areOne(a, b)).toBe(false);
  });
});

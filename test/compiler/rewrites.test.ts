import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { constantsOf } from '../../src/compiler/constant-values.js';
import { rewrite } from '../../src/compiler/rewrite.js';
import { operationCases } from '../support/operation-cases.js';
import { generator, randomValues, seed } from '../support/random.js';
import { allFusions, expectEqualPlans, type Outputs } from './plans.js';
import { randomGraph } from './random-graph.js';

const random = generator();
const give = (plan: v.Plan, low = -1, high = 1): Record<string, v.Values> =>
  Object.fromEntries(
    plan.inputs.map(({ name, shape }) => [name, randomValues(v.sizeOf(shape), random, low, high)]),
  );

/** The plans of the rewritten graph, with and without fusion, against that of the graph as it is written. */
async function expectEqual(outputs: Outputs, range: readonly [number, number] = [-1, 1]): Promise<void> {
  const plain = v.buildPlan(outputs, undefined, undefined, { rewrite: false });
  const inputs = give(plain, ...range);
  for (const fusions of [allFusions, new Set<v.Fusion>()]) {
    const plan = v.buildPlan(outputs, undefined, fusions);
    await expectEqualPlans(plan, plain, inputs);
    expect(v.multiplyAdds(plan)).toBeLessThanOrEqual(v.multiplyAdds(plain));
  }
}

function named(prefix: string, tensors: readonly v.Tensor[]): Outputs {
  return Object.fromEntries(tensors.map((tensor, position) => [`${prefix} ${position}`, tensor]));
}

describe(`rewritten graphs are equal in value (seed ${seed})`, () => {
  test.each(Array.from({ length: 150 }, (_, i) => i))('random graph %d and its derivatives', async () => {
    const { inputs, nodes } = randomGraph(random, 12);
    const y = nodes[nodes.length - 1];
    const first = v.gradient(y, [...inputs, nodes[3], nodes[7]]);
    const direction = v.constant(randomValues(first[0].size, random), first[0].shape);
    const second = v.gradient(first[0], inputs, { seed: direction });
    await expectEqual({ y });
    await expectEqual({ first: first[0] });
    await expectEqual({ y, middle: nodes[5], ...named('first', first) });
    await expectEqual(named('second', second));
  });

  const small = operationCases.filter(({ shapes }) => shapes.every((shape) => v.sizeOf(shape) < 2000));
  test.each(small.map((entry) => [entry.name, entry] as const))('%s', async (_, { shapes, build, range }) => {
    const inputs = shapes.map((shape, position) => v.input(`x${position}`, shape));
    const y = build(...inputs);
    await expectEqual({ y, ...named('gradient', v.gradient(y, inputs)) }, range);
  });
});

describe('rewriting', () => {
  const x = v.input('x', [2, 6, 4]);
  const w = v.input('w', [4, 8]);
  const products = (outputs: Outputs): v.Shape[] =>
    v.buildPlan(outputs).steps.flatMap((step) => (step.kind === 'matmul' ? [step.output.shape] : []));

  test('leaves alone what it cannot make better', () => {
    const y = v.softmax(v.matmul(v.gelu(x), v.expand(v.reshape(w, [1, 4, 8]), [2, 4, 8])));
    expect(rewrite([y], true).get(y)).toBe(y);
  });

  test('computes of a product only the rows and columns that are read', () => {
    const y = v.layerNorm(v.matmul(v.gelu(x), w), v.input('a', [8]), v.input('b', [8]), 1e-6);
    expect(products({ y: v.select(y, 1, 0) })).toEqual([[2, 8]]);
    expect(products({ y: v.slice(v.gelu(v.matmul(x, w)), 2, 1, 4) })).toEqual([[12, 3]]);
  });

  test('takes the hull of several slices, and everything if it is an output', () => {
    const y = v.gelu(v.matmul(v.reshape(x, [12, 4]), w));
    const [a, b] = [v.slice(y, 0, 2, 4), v.slice(y, 0, 7, 8)];
    expect(products({ a, b })).toEqual([[6, 8]]);
    expect(products({ a, b, y })).toEqual([[12, 8]]);
  });

  test('multiplies rows that are copies of fewer once each', async () => {
    const [row, few] = [v.input('row', [2, 1, 4]), v.input('few', [3, 1, 5, 4])];
    const spread = v.expand(row, [2, 6, 4]);
    for (const rows of [
      spread,
      v.multiply(spread, 0.5),
      v.expand(v.reshape(row, [2, 1, 1, 4]), [2, 3, 2, 4]),
    ]) {
      const y = v.matmul(rows, w, v.input('bias', [8]));
      const plain = v.matmul(rows, w);
      expect(products({ plain })).toEqual([[2, 8]]);
      await expectEqual({ y, plain });
    }
    const scaled = v.buildPlan({ y: v.matmul(v.multiply(spread, 0.5), w) }, undefined, allFusions);
    expect(v.multiplyAdds(scaled)).toBe(2 * 4 * 8);
    const inner = v.matmul(v.expand(few, [3, 2, 5, 4]), w);
    expect(products({ inner })).toEqual([[15, 8]]);
    await expectEqual({ inner });
    // As after a mean over tokens.
    const [gradient] = v.gradient(v.mean(v.matmul(x, w), { axes: 1 }), [x], { seed: v.input('g', [2, 8]) });
    expect(v.multiplyAdds(v.buildPlan({ gradient }, undefined, allFusions))).toBe(2 * 4 * 8);
    await expectEqual({ gradient });
  });

  test('does once what is done to copies alone', async () => {
    const [rows, columns] = [v.input('rows', [3, 1]), v.input('columns', [4])];
    const sizes = (y: v.Tensor): number[] =>
      v.buildPlan({ y: v.sum(y) }).steps.flatMap((step) => (step.kind === 'map' ? [v.sizeOf(step.output.shape)] : [])); // prettier-ignore
    const spread = v.add(v.expand(rows, [2, 3, 4]), v.expand(columns, [2, 3, 4]));
    expect(sizes(spread)).toEqual([12]);
    expect(sizes(v.gelu(v.expand(rows, [2, 3, 4])))).toEqual([3]);
    expect(sizes(v.multiply(spread, v.input('whole', [2, 3, 4])))).toEqual([12, 24]);
    await expectEqual({ spread, gelu: v.gelu(v.expand(rows, [2, 3, 4])), halved: v.divide(spread, 2) });
  });

  test('does not where columns are copies, or a reshape cuts rows', async () => {
    const column = v.input('column', [2, 6, 1]);
    for (const rows of [
      v.expand(column, [2, 6, 4]),
      v.reshape(v.expand(v.input('wide', [1, 8]), [6, 8]), [12, 4]),
      v.expand(v.input('one', [2, 1, 1]), [2, 6, 4]),
    ]) {
      const y = v.matmul(rows, w);
      expect(v.multiplyAdds(v.buildPlan({ y }))).toBe(12 * 4 * 8);
      await expectEqual({ y });
    }
  });

  test('sums in a product only where neither factor is 0', () => {
    const [a, b] = [v.input('a', [5, 7]), v.input('b', [7, 3])];
    const [gradientA, gradientB] = v.gradient(v.slice(v.matmul(a, b), 0, 1, 3), [a, b]);
    expect(v.multiplyAdds(v.buildPlan({ gradientA }))).toBe(2 * 7 * 3);
    expect(v.multiplyAdds(v.buildPlan({ gradientB }))).toBe(2 * 7 * 3);
  });

  test('leaves out zeros that a sum skips, and counts those that a mean, a maximum or a minimum does not', async () => {
    const zeros = v.expand(v.literal(0), [2, 3, 4]);
    const padded = v.concat([zeros, v.exp(x), zeros], 1);
    const sum = v.sum(padded, { axes: 1 });
    const { steps } = v.buildPlan({ sum });
    expect(steps.map(({ inputs }) => inputs[0].shape)).toEqual([[2 * 6 * 4], [2, 4, 6]]);
    const folds = { sum, mean: v.mean(padded, { axes: 1 }), min: v.min(padded, { axes: 1 }) };
    await expectEqual(folds);
    await expectEqual({ max: v.max(v.negate(padded), { axes: 1 }) });
  });

  test('computes once what is written twice', () => {
    const y = v.add(v.exp(v.slice(x, 1, 2, 4)), v.exp(v.slice(x, 1, 2, 4)));
    expect(v.buildPlan({ y }).steps).toHaveLength(2);
  });

  test('drops what changes nothing', () => {
    const y = v.divide(v.multiply(v.subtract(v.add(v.relu(x), 0), 0), 1), 1);
    expect(v.buildPlan({ y }).steps).toHaveLength(1);
  });

  test('writes the parts of a concatenation where they belong', () => {
    const y = v.reshape(v.permute(v.concat([v.relu(x), v.negate(x)], 0), [1, 0, 2]), [6, 16]);
    expect(v.buildPlan({ y }).steps.map((step) => step.kind === 'map' && step.function)).toEqual([
      'relu',
      'negate',
    ]);
  });

  test('keeps inputs whose values turn out not to matter', () => {
    const unread = v.slice(v.concat([x, v.input('z', [1, 6, 4])], 0), 0, 0, 2);
    expect(v.buildPlan({ unread }).inputs.map(({ name }) => name)).toEqual(['x', 'z']);
  });

  test('takes two literals of one value for the same, and no constant for another', () => {
    const twice = (one: v.TensorLike, other: v.TensorLike): number =>
      v.buildPlan({ y: v.add(v.exp(v.multiply(x, one)), v.exp(v.multiply(x, other))) }).steps.length;
    expect(twice(0.5, v.literal(0.5))).toBe(3);
    expect(twice(0.5, 0.25)).toBe(5);
    expect(twice(0, -0)).toBe(5);
    expect(twice(v.constant([0.5], []), v.constant([0.5], []))).toBe(5);
  });

  test.each([true, false])('a plan has one buffer for a literal, rewritten: %s', (rewrite) => {
    const y = v.add(v.multiply(v.exp(v.multiply(x, 2)), 2), v.where(v.greater(x, 3), 2, 3));
    const { buffers } = v.buildPlan({ y }, undefined, undefined, { rewrite });
    const numbers = constantsOf({ buffers }).flatMap(({ values }) => [...values!]);
    expect(numbers.toSorted()).toEqual([2, 3]);
  });

  test('builds literals in and no constant, so that any constant may be updated later', async () => {
    const one = v.constant([1], []);
    const y = v.multiply(v.add(x, 0), one);
    expect(v.buildPlan({ y }).steps).toHaveLength(1);
    const backend = new v.ReferenceBackend();
    const training = await v.compile({ y }, backend, new Map([[one, v.add(one, 1)]]));
    const numbers = randomValues(48, random);
    expect([...(await training.run({ x: numbers })).y]).toEqual([...numbers]);
    expect([...(await training.run({ x: numbers })).y]).toEqual([...numbers.map((number) => 2 * number)]);
  });

  test('refuses to update a literal', () => {
    const half = v.literal(0.5);
    expect(() => v.buildPlan({}, new Map([[half, v.add(half, 1)]]))).toThrow(
      'an update needs a constant or parameter and a value of its shape, not a node "literal" []',
    );
  });
});

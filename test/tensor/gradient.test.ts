import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate, useBackends } from '../support/backends.js';
import { operationCases, type OperationCase } from '../support/operation-cases.js';
import { distinctValues, generator, randomValues, seed } from '../support/random.js';

/** Gradients that are themselves differentiated, all the way; those that are operations are among the cases. */
const secondOrder = [
  {
    name: 'gradient of softmax',
    shapes: [
      [3, 7],
      [3, 7],
    ],
    build: (x: v.Tensor, g: v.Tensor) => v.gradient(v.softmax(x), [x], { seed: g })[0],
  },
  {
    name: 'gradient of divide',
    shapes: [[3, 7], [7]],
    build: (a: v.Tensor, b: v.Tensor) => v.gradient(v.divide(a, b), [b])[0],
    range: [0.5, 2] as const,
  },
];

const cases: OperationCase[] = [
  ...operationCases.filter(({ shapes }) => shapes.every((shape) => v.sizeOf(shape) < 100_000)),
  ...secondOrder,
];

describe(`gradients (seed ${seed})`, () => {
  const backends = useBackends();
  const random = generator();

  test.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const { build, relative = 1e-6 } = entry;
    const range = entry.gradientRange ?? entry.range ?? [-2, 2];
    const inputs = entry.shapes.map((shape, position) => v.input(`x${position}`, shape));
    const y = build(...inputs);
    const weights = v.constant(randomValues(y.size, random), y.shape);
    const scalar = v.sum(v.multiply(y, weights));
    const gradients = v.gradient(scalar, inputs);
    const names = inputs.map((_input, position) => `x${position}`);
    const outputs = Object.fromEntries(names.map((name, position) => [name, gradients[position]]));
    const at = Object.fromEntries(
      inputs.map((input, position) => {
        const shift = (position + 0.5) / (inputs.length + 1); // of the first input never 1/2, where relu has its kink
        return [names[position], distinctValues(input.size, random, ...range, shift)];
      }),
    );
    const exact = await evaluate(outputs, backends.reference, at);

    // Finite differences in float64 along a random direction of each input.
    const program = await v.compile({ scalar }, backends.reference);
    for (const [position, name] of names.entries()) {
      expect(gradients[position].shape).toEqual(inputs[position].shape);
      const direction = randomValues(inputs[position].size, random);
      const moved = async (step: number): Promise<number> => {
        const values = Float64Array.from(at[name], (value, i) => value + step * direction[i]);
        const { inputs: needed } = program.plan;
        const given = needed.map(
          (entry) => [entry.name, entry.name === name ? values : at[entry.name]] as const,
        );
        return (await program.run(Object.fromEntries(given))).scalar[0];
      };
      const h = 1e-5;
      const expected = ((await moved(h)) - (await moved(-h))) / (2 * h);
      const found = Array.from(exact[name]).reduce((sum, g, i) => sum + g * direction[i], 0);
      const size = norm(exact[name]) * norm(direction);
      // Relative to what the product of gradient and direction can be: both may be orthogonal by chance.
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-6 * Math.max(size, 1e-3));
    }
    program.dispose();

    const onDevice = await evaluate(outputs, backends.webgpu, at);
    for (const [position, name] of names.entries()) {
      // A gradient that is summed over what its input was spread to may cancel by chance; then the bound is relative to a
      // fiftieth of what such a sum usually comes to.
      const isSum = inputs[position].size < y.size;
      const size = Math.max(norm(exact[name]), isSum ? 0.02 * Math.sqrt(y.size) : 0);
      const gap = norm(onDevice[name].map((value, i) => value - exact[name][i]));
      expect(onDevice[name]).toHaveLength(exact[name].length);
      expect(gap).toBeLessThanOrEqual(Math.max(2e-5, 2 * relative) * size);
    }
  });
});

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

describe('gradient', () => {
  const run = async (y: v.Tensor): Promise<number[]> =>
    Array.from((await evaluate({ y }, new v.ReferenceBackend())).y);
  const x = v.constant([1, 2, 3], [3]);

  test('of y with respect to y is the seed', async () => {
    const s = v.constant([4, 5, 6], [3]);
    expect(v.gradient(x, [x], { seed: s })).toEqual([s]);
    expect(await run(v.gradient(x, [x])[0])).toEqual([1, 1, 1]);
  });

  test('with respect to what y does not depend on is zeros of its shape', async () => {
    const [g] = v.gradient(v.sum(x), [v.input('other', [2, 2])]);
    expect(await run(g)).toEqual([0, 0, 0, 0]);
  });

  test('adds up over all paths', async () => {
    const [g] = v.gradient(v.sum(v.add(v.multiply(x, x), v.multiply(x, 3))), [x]);
    expect(await run(g)).toEqual([5, 7, 9]);
  });

  test('reaches tensors in the middle of the graph, each with the whole derivative', async () => {
    const middle = v.multiply(x, 2);
    const [gMiddle, gX] = v.gradient(v.sum(v.multiply(middle, middle)), [middle, x]);
    expect(await run(gMiddle)).toEqual([4, 8, 12]);
    expect(await run(gX)).toEqual([8, 16, 24]);
  });

  test('slices that do not overlap are joined, not added; those that do are added', async () => {
    const parts = [v.slice(x, 0, 2), v.slice(x, 0, 0, 1), v.slice(x, 0, 1, 2)];
    const weighted = parts.map((part, position) => v.sum(v.multiply(part, position + 1)));
    const [joined] = v.gradient(weighted.reduce(v.add), [x]);
    expect(joined.operation.kind).toBe('concat');
    expect(await run(joined)).toEqual([2, 3, 1]);
    const overlapping = v.add(v.slice(x, 0, 0, 2), v.slice(x, 0, 1, 3));
    expect(await run(v.gradient(v.sum(overlapping), [x])[0])).toEqual([1, 2, 1]);
  });

  test('ties of a maximum share its gradient', async () => {
    const [g] = v.gradient(v.max(v.constant([1, 3, 3], [3])), [x]);
    expect(await run(g)).toEqual([0, 0, 0]);
    const tied = v.constant([1, 3, 3], [3]);
    expect(await run(v.gradient(v.max(tied), [tied])[0])).toEqual([0, 0.5, 0.5]);
  });

  test('a seed of another shape is refused', () => {
    expect(() => v.gradient(x, [x], { seed: v.constant([1], [1]) })).toThrow(
      'the seed has shape [1], but y has [3]',
    );
  });

  test('observers are told, for every call whose y depends on the tensor', async () => {
    const watched = v.multiply(x, 2);
    const told: v.Tensor[] = [];
    v.observeGradient(watched, (g) => told.push(g));
    v.gradient(v.sum(x), [x]);
    expect(told).toHaveLength(0);
    v.gradient(v.sum(v.multiply(watched, 5)), []);
    expect(told).toHaveLength(1);
    expect(await run(told[0])).toEqual([5, 5, 5]);
  });
});

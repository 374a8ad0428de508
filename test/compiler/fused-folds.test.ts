import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator, randomValues } from '../support/random.js';
import { allFusions, expectEqualPlans, type Outputs } from './plans.js';

const random = generator();
const shape = [2, 3, 5];
const a = v.input('a', shape);
const b = v.input('b', shape);
const row = v.input('row', [5]);
const { multiply, relu, mean, sum, max, exp, add } = v;

/** What each fold of the plan makes of its inputs, and all its other steps. */
function stepsOf(outputs: Outputs): string[] {
  const { steps } = v.buildPlan(outputs, undefined, allFusions);
  return steps.map((step) => (step.kind === 'reduce' ? `${step.function} ${step.made}` : step.kind));
}

async function expectEqual(outputs: Outputs): Promise<void> {
  const inputs = Object.fromEntries(
    Object.entries({ a: shape, b: shape, row: [5] }).map(([name, extents]) => [
      name,
      randomValues(v.sizeOf(extents), random, -2, 2),
    ]),
  );
  const plan = v.buildPlan(outputs, undefined, allFusions);
  const used = Object.fromEntries(plan.inputs.map(({ name }) => [name, inputs[name]]));
  await expectEqualPlans(plan, v.buildPlan(outputs, undefined, new Set(), { rewrite: false }), used);
}

describe('a fold makes what it folds', () => {
  test.each<[string, Outputs, string[]]>([
    ['a product', { y: sum(multiply(a, b), { axes: 2 }) }, ['sum multiply']],
    ['a square', { y: mean(multiply(a, a), { axes: 0 }) }, ['mean multiply']],
    ['a product with a row', { y: sum(multiply(a, row), { axes: [0, 2] }) }, ['sum multiply']],
    ['what is rectified', { y: max(relu(a), { axes: 1 }) }, ['max relu']],
    ['a product that is rectified', { y: mean(relu(multiply(a, b)), { axes: 1 }) }, ['mean multiplyRelu']],
    [
      'part of a product',
      { y: mean(v.slice(relu(multiply(a, b)), 2, 1, 4), { axes: 0 }) },
      ['mean multiplyRelu'],
    ],
    [
      'a product turned around',
      { y: sum(multiply(v.permute(a, [2, 0, 1]), v.permute(b, [2, 0, 1])), { axes: 0 }) },
      ['sum multiply'],
    ],
    [
      'the same for each of two folds',
      { y: mean(relu(multiply(a, b)), { axes: 0 }), z: mean(multiply(a, b), { axes: 0 }) },
      ['mean multiplyRelu', 'mean multiply'],
    ],
    [
      'no product that is an output',
      { y: sum(multiply(a, b), { axes: 2 }), z: multiply(a, b) },
      ['map', 'sum copy'],
    ],
    [
      'no product that something else reads',
      { y: add(sum(multiply(a, b), { axes: 2, keepDims: true }), multiply(a, b)) },
      ['map', 'sum copy', 'map'],
    ],
    [
      'what is rectified, of a product that is an output',
      { y: sum(relu(multiply(a, b)), { axes: 2 }), z: multiply(a, b) },
      ['map', 'sum relu'],
    ],
    [
      'no product of what is rectified',
      { y: sum(multiply(relu(a), b), { axes: 2 }) },
      ['map', 'sum multiply'],
    ],
    ['nothing dear', { y: sum(exp(a), { axes: 2 }) }, ['map', 'sum copy']],
  ])('%s', async (_, outputs, expected) => {
    expect(stepsOf(outputs).toSorted()).toEqual(expected.toSorted());
    await expectEqual(outputs);
  });

  test('but for no backend that does not say so', () => {
    const { steps } = v.buildPlan({ y: sum(multiply(a, b), { axes: 2 }) });
    expect(steps.map((step) => step.kind === 'reduce' && step.made)).toEqual([false, 'copy']);
  });

  test('not of a product that a matrix product does already', () => {
    const w = v.input('w', [5, 4]);
    const { steps } = v.buildPlan(
      { y: sum(multiply(v.matmul(a, w), 0.5), { axes: 2 }) },
      undefined,
      allFusions,
    );
    expect(steps.map((step) => (step.kind === 'reduce' ? step.made : step.kind))).toEqual(['matmul', 'copy']);
  });
});

test('folds come as soon as what they read is there', () => {
  const first = exp(a);
  const second = exp(b);
  const { steps } = v.buildPlan({ y: add(second, first), z: sum(first, { axes: 2 }) }, undefined, allFusions);
  expect(steps.map(({ kind }) => kind)).toEqual(['map', 'map', 'reduce', 'map']);
  const [, ofFirst, fold] = steps;
  expect(fold.inputs[0].buffer).toBe(ofFirst.output.buffer);
});

test('chains of views have any length', () => {
  let deep: v.Tensor = a;
  for (let i = 0; i < 20_001; i++) deep = v.permute(deep, [2, 1, 0]);
  expect(v.buildPlan({ y: deep }).outputs[0].shape).toEqual([5, 3, 2]);
});

import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator, randomValues, seed } from '../support/random.js';
import { allFusions, expectEqualPlans, type Outputs } from './plans.js';

const random = generator();
const [batch, rows, inner, columns] = [2, 5, 7, 3];
const a = v.input('a', [batch, rows, inner]);
const b = v.input('b', [batch, inner, columns]);
const weight = v.input('weight', [inner, columns]);
const bias = v.input('bias', [columns]);
const other = v.input('other', [batch, rows, columns]);
const strided = v.permute(v.input('strided', [columns, batch, rows]), [1, 2, 0]);
const geluGradient = (x: v.Tensor, g: v.Tensor): v.Tensor => v.gradient(v.gelu(x), [x], { seed: g })[0];

const plain: v.Epilogue = { scale: 1, bias: false, activation: 'none', residual: false, softmax: false };

/** Graphs, and what the epilogues of their products hold when everything may be fused. */
const cases: readonly {
  name: string;
  build: () => v.Tensor;
  epilogues: readonly Partial<v.Epilogue>[];
  /** One for each product if left out. */
  steps?: number;
}[] = [
  { name: 'scale', build: () => v.multiply(v.matmul(a, b), 0.5), epilogues: [{ scale: 0.5 }] },
  { name: 'scale of an operand', build: () => v.matmul(v.multiply(a, 0.5), b), epilogues: [{ scale: 0.5 }] },
  {
    name: 'scales of both operands, below views',
    build: () => v.matmul(v.slice(v.multiply(a, 0.5), 1, 1, 4), v.transpose(v.multiply(3, v.transpose(b)))),
    epilogues: [{ scale: 1.5 }],
  },
  {
    name: 'no scale over a bias',
    build: () => v.multiply(v.matmul(a, weight, bias), 0.5),
    epilogues: [{ bias: true }],
    steps: 2,
  },
  { name: 'gelu', build: () => v.gelu(v.matmul(a, b)), epilogues: [{ activation: 'gelu' }] },
  {
    name: 'bias and gelu of a linear layer',
    build: () => v.gelu(v.matmul(a, weight, bias)),
    epilogues: [{ bias: true, activation: 'gelu' }],
  },
  {
    name: 'the gradient of gelu',
    build: () => geluGradient(other, v.matmul(a, weight)),
    epilogues: [{ activation: 'geluGradient' }],
  },
  {
    name: 'the gradient of gelu, a strided operand',
    build: () => geluGradient(strided, v.matmul(a, b)),
    epilogues: [{ activation: 'geluGradient' }],
  },
  {
    name: 'no gradient of gelu with the product as the operand x',
    build: () => geluGradient(v.matmul(a, b), other),
    epilogues: [{}],
    steps: 2,
  },
  {
    name: 'residual on either side',
    build: () => v.add(v.matmul(a, b), v.add(other, v.matmul(a, weight))),
    epilogues: [{ residual: true }, { residual: true }],
  },
  {
    name: 'strided residual',
    build: () => v.add(v.matmul(a, weight, bias), strided),
    epilogues: [{ bias: true, residual: true }],
  },
  {
    name: 'residual that is the same for every row',
    build: () => v.add(v.matmul(a, b), bias),
    epilogues: [{ residual: true }],
  },
  { name: 'softmax', build: () => v.softmax(v.matmul(a, b)), epilogues: [{ softmax: true }] },
  {
    name: 'no softmax over other rows',
    build: () => v.softmax(v.reshape(v.matmul(a, b), [batch, rows * columns])),
    epilogues: [{}],
    steps: 2,
  },
  {
    name: 'everything in order',
    build: () => v.softmax(v.add(v.gelu(v.multiply(v.matmul(a, b), 2)), other)),
    epilogues: [{ scale: 2, activation: 'gelu', residual: true, softmax: true }],
  },
  {
    name: 'everything that a linear layer can have, below reshapes',
    build: () => {
      const product = v.matmul(v.reshape(a, [batch * rows, inner]), weight, bias);
      const gradient = geluGradient(v.reshape(other, [batch * rows, columns]), product);
      return v.softmax(v.add(v.reshape(gradient, [batch, rows, columns]), strided));
    },
    epilogues: [{ bias: true, activation: 'geluGradient', residual: true, softmax: true }],
  },
  {
    name: 'a stage that comes too late stays a step',
    build: () => v.gelu(v.add(v.matmul(a, b), other)),
    epilogues: [{ residual: true }],
    steps: 2,
  },
  {
    name: 'only one of two products that are added',
    build: () => v.softmax(v.add(v.matmul(a, b), v.matmul(a, weight))),
    epilogues: [{ residual: true, softmax: true }, {}],
  },
];

function sorted(epilogues: readonly v.Epilogue[]): string[] {
  return epilogues.map((epilogue) => JSON.stringify(Object.entries(epilogue).sort())).sort();
}

function epiloguesOf(plan: v.Plan): v.Epilogue[] {
  return plan.steps.flatMap((step) => (step.kind === 'matmul' ? [step.epilogue] : []));
}

async function expectEqual(outputs: Outputs, plan: v.Plan): Promise<void> {
  const unfused = v.buildPlan(outputs, undefined, undefined, { rewrite: false });
  const inputs = unfused.inputs.map(({ name, shape }) => [name, randomValues(v.sizeOf(shape), random)]);
  await expectEqualPlans(plan, unfused, Object.fromEntries(inputs) as Record<string, v.Values>);
}

describe(`fusion (seed ${seed})`, () => {
  test.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const y = entry.build();
    const plan = v.buildPlan({ y }, undefined, allFusions);
    expect(sorted(epiloguesOf(plan))).toEqual(sorted(entry.epilogues.map((part) => ({ ...plain, ...part }))));
    expect(plan.steps).toHaveLength(entry.steps ?? entry.epilogues.length);
    await expectEqual({ y }, plan);
  });

  test.each([...allFusions])('a backend that can only do %s gets nothing else', async (only) => {
    for (const { build } of cases) {
      const y = build();
      const plan = v.buildPlan({ y }, undefined, new Set([only]));
      for (const { scale, activation, residual, softmax } of epiloguesOf(plan)) {
        const fused = [scale !== 1 && 'scale', activation, residual && 'residual', softmax && 'softmax'];
        expect(fused.filter((name) => name !== false && name !== 'none' && name !== only)).toEqual([]);
      }
      await expectEqual({ y }, plan);
    }
  });

  test('what is read in the middle of a chain is delivered, and ends it', async () => {
    const product = v.matmul(a, b);
    const scaled = v.multiply(product, 0.5);
    const activated = v.gelu(scaled);
    const sum = v.add(activated, other);
    const end = v.softmax(sum);
    for (const middle of [product, scaled, activated, sum]) {
      const outputs = { middle, end };
      const plan = v.buildPlan(outputs, undefined, allFusions);
      expect(plan.steps.length).toBeGreaterThan(1);
      await expectEqual(outputs, plan);
    }
    // A hook makes its tensor an output of the gradient's graph as well.
    const outputs = { end, gradient: v.gradient(end, [activated], { seed: other })[0], activated };
    await expectEqual(outputs, v.buildPlan(outputs, undefined, allFusions));
  });

  describe('the gradient of a layer norm', () => {
    const x = v.input('x', [batch, rows, columns]);
    const [scale, shift] = [v.input('scale', [columns]), v.input('shift', [columns])];
    const normGradient = (g: v.Tensor): v.Tensor =>
      v.gradient(v.layerNorm(x, scale, shift, 1e-2), [x], { seed: g })[0];
    const inputsOf = (plan: v.Plan): number[] =>
      plan.steps.flatMap(({ kind, inputs }) => (kind === 'layerNormGradient' ? [inputs.length] : []));

    test.each([
      [
        'a sum, in either order',
        () => v.add(v.add(strided, normGradient(other)), normGradient(strided)),
        [4, 4],
        2,
      ],
      ['what is the same for every row', () => v.add(normGradient(other), scale), [4], 1],
      [
        'nothing that is read elsewhere too',
        () => v.add(normGradient(other), v.exp(normGradient(x))),
        [4, 3],
        3,
      ],
      ['no other function', () => v.multiply(normGradient(other), strided), [3], 2],
      ['not what a product took', () => v.add(v.matmul(a, b), normGradient(other)), [3], 2],
    ])('takes in %s', async (_, build, inputs, steps) => {
      const y = build();
      const plan = v.buildPlan({ y }, undefined, allFusions);
      expect(inputsOf(plan).sort()).toEqual(inputs.toSorted());
      expect(plan.steps).toHaveLength(steps);
      await expectEqual({ y }, plan);
      expect(inputsOf(v.buildPlan({ y }, undefined, new Set(['gelu'])))).toEqual(inputs.map(() => 3));
    });

    test('is delivered where it is an output', async () => {
      const gradient = normGradient(other);
      const outputs = { gradient, sum: v.add(gradient, x) };
      const plan = v.buildPlan(outputs, undefined, allFusions);
      expect(inputsOf(plan)).toEqual([3]);
      await expectEqual(outputs, plan);
    });
  });

  test('no fused step writes where it reads', () => {
    for (const { build } of cases) {
      for (const step of v.buildPlan({ y: build() }, undefined, allFusions).steps) {
        expect(step.inputs.map((view) => view.buffer)).not.toContain(step.output.buffer);
      }
    }
  });

  test('a batch with one matrix is one product, its rows joined', () => {
    const { steps } = v.buildPlan({ y: v.gelu(v.add(v.matmul(a, weight), other)) }, undefined, allFusions);
    expect(steps[0].output.shape).toEqual([batch * rows, columns]);
  });

  const [w, keys] = [v.input('w', [columns, inner]), v.input('k', [batch, columns, inner])];
  test.each([
    ['the weight of a linear layer', () => v.gradient(v.matmul(a, v.transpose(w)), [w], { seed: other })],
    ['keys', () => v.gradient(v.matmul(a, v.transpose(keys)), [keys], { seed: other })],
    [
      'on the left',
      () => v.gradient(v.matmul(v.transpose(a), other), [a], { seed: v.input('g', [batch, inner, columns]) }),
    ],
  ])('the gradient of a transposed operand is one product: %s', async (_, build) => {
    const [y] = build();
    const plan = v.buildPlan({ y }, undefined, new Set());
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['matmul']);
    await expectEqual({ y }, plan);
  });
});

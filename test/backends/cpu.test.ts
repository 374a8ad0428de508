import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { difference, expectClose, haveSameBits, type Difference } from '../support/compare.js';
import { describeKernels, openKernels, runnableKernels, type CpuKernels } from '../support/cpu.js';
import { microModel } from '../support/models.js';
import { operationCases, type OperationCase } from '../support/operation-cases.js';
import { generator, randomValues, seed } from '../support/random.js';

type Inputs = Readonly<Record<string, v.Values>>;

const reference = new v.ReferenceBackend();
const random = generator();

/** Opens a backend with certain kernels for the tests of a block. Three threads: more than one, and odd. */
function useKernels(kernels: CpuKernels): { readonly cpu: v.Backend } {
  const opened = {} as { cpu: v.Backend };
  beforeAll(async () => {
    opened.cpu = await openKernels(3, kernels);
  });
  afterAll(() => {
    opened.cpu.destroy();
  });
  return opened;
}

function randomInputs(y: v.Tensor, low = -2, high = 2): Inputs {
  const inputs = v.buildPlan({ y }).inputs.map(({ name, shape }) => [name, v.sizeOf(shape)] as const);
  return Object.fromEntries(inputs.map(([name, size]) => [name, randomValues(size, random, low, high)]));
}

describe(`operations (seed ${seed})`, () => {
  // The same numbers for all kernels, so that the reference computes each case once.
  const known = new Map<OperationCase, { y: v.Tensor; values: Inputs; expected: v.Values }>();
  const solved = async (
    entry: OperationCase,
  ): Promise<{ y: v.Tensor; values: Inputs; expected: v.Values }> => {
    let solution = known.get(entry);
    if (!solution) {
      const y = entry.build(...entry.shapes.map((shape, position) => v.input(`x${position}`, shape)));
      const values = randomInputs(y, ...(entry.range ?? []));
      solution = { y, values, expected: (await evaluate({ y }, reference, values)).y };
      known.set(entry, solution);
    }
    return solution;
  };

  describeKernels('agree with reference', (kernels) => {
    const opened = useKernels(kernels);
    test.each(operationCases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
      const { y, values, expected } = await solved(entry);
      const actual = await evaluate({ y }, opened.cpu, values);
      expect(actual.y.BYTES_PER_ELEMENT).toBe(4);
      expectClose(actual.y, expected, { relative: entry.relative ?? 1e-6 });
    });
  });
});

/** RunSize around the width of every vector, and far from it. */
const extents = [1, 3, 197, 199] as const;

describe(`products with everything that is done at their end (seed ${seed})`, () => {
  interface Operands {
    readonly product: (bias?: v.Tensor) => v.Tensor;
    /** A vector with a number for each column. */
    readonly bias: v.Tensor;
    /** One that lies in a column of a matrix. */
    readonly stridedBias: v.Tensor;
    readonly residual: v.Tensor;
    readonly stridedResidual: v.Tensor;
  }

  const plain: v.Epilogue = { scale: 1, bias: false, activation: 'none', residual: false, softmax: false };
  const epilogues: readonly {
    readonly name: string;
    readonly epilogue: Partial<v.Epilogue>;
    readonly build: (operands: Operands) => v.Tensor;
  }[] = [
    { name: 'nothing', epilogue: {}, build: ({ product }) => product() },
    { name: 'bias', epilogue: { bias: true }, build: ({ product, bias }) => product(bias) },
    {
      name: 'strided bias',
      epilogue: { bias: true },
      build: ({ product, stridedBias }) => product(stridedBias),
    },
    { name: 'scale', epilogue: { scale: 0.25 }, build: ({ product }) => v.multiply(product(), 0.25) },
    { name: 'gelu', epilogue: { activation: 'gelu' }, build: ({ product }) => v.gelu(product()) },
    {
      name: 'residual',
      epilogue: { residual: true },
      build: ({ product, residual }) => v.add(product(), residual),
    },
    {
      name: 'strided residual',
      epilogue: { residual: true },
      build: ({ product, stridedResidual }) => v.add(product(), stridedResidual),
    },
    {
      name: 'one residual for every row',
      epilogue: { residual: true },
      build: ({ product, bias }) => v.add(product(), bias),
    },
    { name: 'softmax', epilogue: { softmax: true }, build: ({ product }) => v.softmax(product()) },
    {
      name: 'scale and softmax',
      epilogue: { scale: 0.125, softmax: true },
      build: ({ product }) => v.softmax(v.multiply(product(), 0.125)),
    },
    {
      name: 'bias and gelu',
      epilogue: { bias: true, activation: 'gelu' },
      build: ({ product, bias }) => v.gelu(product(bias)),
    },
    {
      name: 'bias and residual',
      epilogue: { bias: true, residual: true },
      build: ({ product, bias, residual }) => v.add(product(bias), residual),
    },
    {
      name: 'bias, gelu, strided residual and softmax',
      epilogue: { bias: true, activation: 'gelu', residual: true, softmax: true },
      build: ({ product, bias, stridedResidual }) => v.softmax(v.add(v.gelu(product(bias)), stridedResidual)),
    },
    {
      name: 'scale, gelu, residual and softmax',
      epilogue: { scale: -0.5, activation: 'gelu', residual: true, softmax: true },
      build: ({ product, residual }) => v.softmax(v.add(v.gelu(v.multiply(product(), -0.5)), residual)),
    },
  ];

  /** Where the matrices come from and how they lie; each way is another path to the same sums. */
  const layouts = ['given', 'weights', 'transposed', 'batch', 'batch, one matrix'] as const;
  type Layout = (typeof layouts)[number];

  function operands(layout: Layout, m: number, k: number, n: number): Operands {
    const batch = layout.startsWith('batch') ? [3] : [];
    const transposed = layout === 'transposed';
    const a = transposed ? v.transpose(v.input('a', [k, m])) : v.input('a', [...batch, m, k]);
    const right = (): v.Tensor => {
      switch (layout) {
        case 'weights':
          return v.transpose(
            v.constant(randomValues(n * k, random, -1.7 / k ** 0.25, 1.7 / k ** 0.25), [n, k]),
          );
        case 'transposed':
          return v.transpose(v.input('b', [n, k]));
        case 'batch':
          return v.input('b', [3, k, n]);
        default:
          return v.input('b', [k, n]);
      }
    };
    const b = right();
    return {
      product: (bias) => (bias ? v.matmul(a, b, bias) : v.matmul(a, b)),
      bias: v.input('bias', [n]),
      stridedBias: v.select(v.input('biases', [n, 2]), 1, 1),
      residual: v.input('residual', [...batch, m, n]),
      stridedResidual: v.permute(v.input('columns', [n, ...batch, m]), batch.length > 0 ? [1, 2, 0] : [1, 0]),
    };
  }

  type Size = readonly [m: number, k: number, n: number];
  const sizes: readonly Size[] = [
    // The reference takes its time where all three are long: one such product has to do.
    ...extents
      .flatMap((m) => extents.flatMap((k) => extents.map((n): Size => [m, k, n])))
      .filter((size) => Math.min(...size) < 100),
    [199, 197, 199],
    // Deep enough for sums that are made in several pieces.
    [1, 641, 3],
    [3, 1283, 199],
    [29, 961, 65],
  ];

  interface Solved {
    readonly where: readonly (string | number)[];
    readonly y: v.Tensor;
    readonly values: Inputs;
    readonly expected: v.Values;
  }

  /** All sizes for one epilogue; every size meets every layout over the epilogues, but not in each. */
  async function solve({ build }: (typeof epilogues)[number], offset: number): Promise<Solved[]> {
    const solutions: Solved[] = [];
    for (const [position, [m, k, n]] of sizes.entries()) {
      const layout = layouts[(position + offset) % layouts.length];
      // Sums of about 1, whatever their length: `gelu` has few digits in its tail.
      const largest = 1.7 / k ** 0.25;
      const y = build(operands(layout, m, k, n));
      const values = randomInputs(y, -largest, largest);
      const { y: expected } = await evaluate({ y }, reference, values);
      solutions.push({ where: [layout, m, k, n], y, values, expected });
    }
    return solutions;
  }
  const known = new Map<string, Promise<Solved[]>>();

  describeKernels('agree with reference', (kernels) => {
    const opened = useKernels(kernels);
    test.each(epilogues.map((entry, offset) => [entry.name, entry, offset] as const))(
      '%s',
      async (name, entry, offset) => {
        if (!known.has(name)) known.set(name, solve(entry, offset));
        const epilogue = { ...plain, ...entry.epilogue };
        const far: unknown[] = [];
        for (const { where, y, values, expected } of await known.get(name)!) {
          const { steps } = v.buildPlan({ y }, undefined, opened.cpu.fusions);
          const done = steps.map((step) => (step.kind === 'matmul' ? step.epilogue : step.kind));
          expect({ where, done }).toEqual({ where, done: [epilogue] });
          const found = difference((await evaluate({ y }, opened.cpu, values)).y, expected);
          // The norm of a few sums of both signs may come close to 0.
          if ((y.size < 100 ? found.absolute : found.relative) > 4e-6) far.push({ where, found });
        }
        expect(far).toEqual([]);
      },
    );
  });
});

describe(`kernels that take a row at a time (seed ${seed})`, () => {
  type Kernel = (x: v.Tensor, other: v.Tensor, weight: v.Tensor, bias: v.Tensor) => v.Tensor;
  const epsilon = 1e-3;
  /** The absolute bound is for small results that may come close to 0, as the differences that gradients are. */
  const rowKernels: readonly (readonly [name: string, bounds: Difference, kernel: Kernel])[] = [
    ['softmax', { relative: 1e-6, absolute: 0 }, (x) => v.softmax(x)],
    ['gradient of softmax', { relative: 4e-6, absolute: 4e-6 }, (x, other) => v.softmaxGradient(x, other)],
    [
      'layerNorm',
      { relative: 1e-5, absolute: 2e-5 },
      (x, _, weight, bias) => v.layerNorm(x, weight, bias, epsilon),
    ],
    [
      'gradient of layerNorm',
      { relative: 1e-5, absolute: 2e-4 },
      (x, other, weight, bias) => v.gradient(v.layerNorm(x, weight, bias, epsilon), [x], { seed: other })[0],
    ],
    [
      'gradient of layerNorm, and what is added to it',
      { relative: 1e-5, absolute: 2e-4 },
      (x, other, weight, bias) =>
        v.add(v.gradient(v.layerNorm(x, weight, bias, epsilon), [x], { seed: other })[0], other),
    ],
    ['zeroSmallest', { relative: 0, absolute: 0 }, (x) => v.zeroSmallest(x, Math.floor(x.shape[1] / 3))],
    ['sum of rows', { relative: 1e-6, absolute: 0 }, (x) => v.sum(x, { axes: 1 })],
    ['sum of columns', { relative: 1e-6, absolute: 0 }, (x) => v.sum(x, { axes: 0 })],
    ['mean of rows', { relative: 1e-6, absolute: 0 }, (x) => v.mean(x, { axes: 1 })],
    ['mean of columns', { relative: 1e-6, absolute: 0 }, (x) => v.mean(x, { axes: 0 })],
    ['max of rows', { relative: 0, absolute: 0 }, (x) => v.max(x, { axes: 1 })],
    ['min of columns', { relative: 0, absolute: 0 }, (x) => v.min(x, { axes: 0 })],
    ['gelu', { relative: 4e-6, absolute: 0 }, (x) => v.gelu(x)],
    [
      'gradient of gelu',
      { relative: 4e-6, absolute: 0 },
      (x, other) => v.gradient(v.gelu(x), [x], { seed: other })[0],
    ],
    ['sum of both', { relative: 1e-6, absolute: 0 }, (x, other) => v.add(x, other)],
  ];
  const layouts = [
    ['rows', (x: v.Tensor) => x],
    ['transposed', (x: v.Tensor) => v.transpose(v.reshape(x, x.shape.toReversed()))],
    [
      'every third',
      (x: v.Tensor) => {
        // All of its numbers: of three times three beside each other, every third is the same one.
        const [apart, between] = [x, v.negate(x)].map((part) => v.reshape(part, [...x.shape, 1]));
        return v.select(v.concat([between, apart, between], 2), 2, 1);
      },
    ],
  ] as const;

  describeKernels('agree with reference', (kernels) => {
    const opened = useKernels(kernels);
    test.each(rowKernels)('%s', async (_name, bounds, kernel) => {
      const far: unknown[] = [];
      for (const rows of extents) {
        for (const columns of extents) {
          const vectors = [v.input('weight', [columns]), v.input('bias', [columns])] as const;
          const [x, other] = [v.input('x', [rows, columns]), v.input('other', [rows, columns])];
          const outputs = Object.fromEntries(
            layouts.map(([layout, lay]) => [layout, kernel(lay(x), lay(other), ...vectors)]),
          );
          const all = v.concat(
            Object.values(outputs).map((y) => v.reshape(y, [-1])),
            0,
          );
          const values = randomInputs(all, 0.5, 2);
          const [actual, expected] = await Promise.all(
            [opened.cpu, reference].map((backend) => evaluate(outputs, backend, values)),
          );
          for (const [layout] of layouts) {
            const found = difference(actual[layout], expected[layout]);
            const small = expected[layout].length < 100;
            if (found.relative > bounds.relative && (!small || found.absolute > bounds.absolute))
              far.push({ rows, columns, layout, found });
          }
        }
      }
      expect(far).toEqual([]);
    });
  });
});

describe(`the same inputs give the same bits (seed ${seed})`, () => {
  const threadCounts = [1, 2, 3, 4, 7];

  /** Forward, attention gradients and gradient rollout. */
  function explained(): Record<string, v.Tensor> {
    const { model } = microModel();
    const image = v.input('image', [5, 3, 32, 32]);
    const pass = v.explained(v.forwardPass(model, image), v.input('seed', [5, 5]));
    const attentions = pass.layers.map(({ attention }) => attention);
    const gradients = pass.gradient(attentions);
    return {
      logits: pass.logits,
      ...Object.fromEntries(attentions.map((attention, layer) => [`attention.${layer}`, attention])),
      ...Object.fromEntries(gradients.map((gradient, layer) => [`gradient.${layer}`, gradient])),
      map: v.gradientRollout.map(pass),
    };
  }

  /** Products, reductions and rows of sizes that nothing divides, large enough to be shared out. */
  function oddSized(): Record<string, v.Tensor> {
    const x = v.input('x', [2, 197, 199]);
    const vectors = ['scale', 'shift'].map((name) => v.input(name, [199]));
    const weight = v.constant(randomValues(199 * 397, random, -0.1, 0.1), [397, 199]);
    const back = v.input('back', [397, 199]);
    const normal = v.layerNorm(x, vectors[0], vectors[1], 1e-6);
    const hidden = v.gelu(v.matmul(normal, v.transpose(weight), v.input('bias', [397])));
    const sum = v.add(x, v.matmul(hidden, back));
    const attention = v.softmax(v.multiply(v.matmul(sum, v.transpose(sum)), 0.05));
    const scalar = v.sum(v.multiply(v.matmul(attention, sum), v.mean(x, { axes: [0, 1] })));
    const sources = [x, ...vectors, weight, back, attention];
    return {
      attention,
      scalar,
      rows: v.sum(sum, { axes: 2 }),
      columns: v.max(sum, { axes: 1 }),
      planes: v.mean(v.permute(sum, [2, 0, 1]), { axes: [0, 2] }),
      mask: v.zeroSmallest(v.reshape(attention, [2, 197 * 197]), 30_000),
      ...Object.fromEntries(v.gradient(scalar, sources).map((tensor, i) => [`gradient.${i}`, tensor])),
    };
  }

  interface Solved {
    readonly outputs: Record<string, v.Tensor>;
    readonly values: Inputs;
    readonly expected: Record<string, v.Values>;
  }
  // The same numbers for all kernels here, too.
  const known = new Map<string, Promise<Solved>>();
  async function solve(outputs: Record<string, v.Tensor>): Promise<Solved> {
    const flat = v.concat(
      Object.values(outputs).map((y) => v.reshape(y, [-1])),
      0,
    );
    const values = randomInputs(flat, -1, 1);
    return { outputs, values, expected: await evaluate(outputs, reference, values) };
  }

  describe.each(runnableKernels)('%s', (kernels) => {
    test.each([
      ['the micro model', explained],
      ['odd sizes', oddSized],
    ])('%s, run twice and on any number of threads', async (what, build) => {
      if (!known.has(what)) known.set(what, solve(build()));
      const { outputs, values, expected } = await known.get(what)!;
      let first: Record<string, v.Values> | undefined;
      for (const threads of threadCounts) {
        const cpu = await openKernels(threads, kernels);
        const program = await v.compile(outputs, cpu);
        for (const results of [await program.run(values), await program.run(values)]) {
          first ??= results;
          for (const name of Object.keys(outputs)) {
            expect({ threads, name, same: haveSameBits(results[name], first[name]) }).toEqual({
              threads,
              name,
              same: true,
            });
          }
        }
        cpu.destroy();
      }
      for (const name of Object.keys(outputs)) {
        // A mask is another one where two entries are nearly equal.
        if (name === 'mask') continue;
        // The scalar is a sum of both signs, mostly some hundreds or thousands, that may come close to 0.
        const bounds = name === 'scalar' ? { absolute: 5e-3 } : { relative: 1e-4 };
        expectClose(first![name], expected[name], bounds);
      }
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { kernelGraph } from '../../bench/kernel-cases.js';
import { kernelRows, productsInWords } from '../../bench/kernel-rows.js';
import { parseShape } from '../../bench/shape.js';
import { nameOf, shapeOf, workOf } from '../../bench/step-work.js';
import { buildPlan, ReferenceBackend, sizeOf, type Fusion, type Step } from '../../src/index.js';

const fusions = new Set<Fusion>(['scale', 'gelu', 'residual', 'softmax']);

function stepsOf(kernel: string, shape: string): readonly Step[] {
  return buildPlan({ y: kernelGraph(kernel, shape) }, undefined, fusions).steps;
}

describe('shapes', () => {
  test('numbers with x between', () => {
    const meanings = [['M', 'K', 'N']];
    expect(parseShape('197x192x768', 'matmul', meanings)).toEqual([197, 192, 768]);
    expect(parseShape(' 1 × 2X3 ', 'matmul', meanings)).toEqual([1, 2, 3]);
  });

  test.each(['', 'x', '2x3', '1x2x3x4x5', '0x1x2', '1.5x2x3', '-1x2x3', '1x2x3y'])(
    '"%s" is refused',
    (text) => {
      expect(() =>
        parseShape(text, 'matmul', [
          ['M', 'K', 'N'],
          ['B', 'M', 'K', 'N'],
        ]),
      ).toThrow(
        `--shape is "${text}"; matmul takes MxKxN or BxMxKxN, with whole numbers of at least 1 for the letters.`,
      );
    },
  );

  test('what no machine can hold is refused', () => {
    expect(() => parseShape('1000000x1000000', 'softmax', [['R', 'C']])).toThrow('too large');
  });
});

describe('kernels', () => {
  test.each([
    ['matmul', '3x5x7', 'matmul', '1x3x5x7'],
    ['matmul', '2x3x5x7', 'matmul', '2x3x5x7'],
    ['matmul+bias+gelu', '3x5x7', 'matmul + bias + gelu', '1x3x5x7'],
    ['matmul+bias+residual', '3x5x7', 'matmul + bias + residual', '1x3x5x7'],
    ['matmul+scale+softmax', '2x3x5x7', 'matmul + scale + softmax', '2x3x5x7'],
    ['softmax', '4x6', 'softmax', '4x6'],
    ['softmaxGradient', '4x6', 'softmaxGradient', '4x6'],
    ['layerNorm', '4x6', 'layerNorm', '4x6'],
    ['layerNormGradient', '4x6', 'layerNormGradient', '4x6'],
    ['largestMask', '4x6', 'largestMask', '4x6'],
    ['sum', '4x6', 'reduce sum', '4x6'],
    ['gelu', '24', 'map gelu', '24'],
    ['geluGradient', '24', 'map geluGradient', '24'],
    ['add', '24', 'map add', '24'],
    ['where', '24', 'map where', '24'],
  ])('%s of %s is one step', (kernel, shape, name, written) => {
    const steps = stepsOf(kernel, shape);
    expect(steps.map(nameOf)).toEqual([name]);
    expect(shapeOf(steps[0])).toBe(written);
  });

  test('and it runs', async () => {
    const backend = new ReferenceBackend();
    const plan = buildPlan({ y: kernelGraph('matmul+bias', '2x3x2') });
    const executable = await backend.load(plan);
    const [y] = await executable.run(plan.inputs.map(({ shape }) => new Float32Array(sizeOf(shape)).fill(1)));
    expect([...y]).toEqual([4, 4, 4, 4]);
  });

  test.each(['nonsense', 'matmul+nonsense', 'softmax+bias', 'toString'])('%s is refused', (kernel) => {
    expect(() => kernelGraph(kernel, '3x5x7')).toThrow(/^--kernel .*"?matmul"?.*may be followed by \+scale/);
  });

  test('work is operations of a product, and bytes of anything else', () => {
    expect(workOf(stepsOf('matmul', '2x3x5x7')[0])).toEqual({ amount: 2 * 2 * 3 * 5 * 7, unit: 'GFLOP/s' });
    expect(workOf(stepsOf('add', '24')[0])).toEqual({ amount: 4 * 3 * 24, unit: 'GB/s' });
    expect(workOf(stepsOf('layerNorm', '4x6')[0])).toEqual({ amount: 4 * (24 + 6 + 6 + 24), unit: 'GB/s' });
  });
});

describe('rows', () => {
  const steps = [...stepsOf('add', '1000'), ...stepsOf('matmul', '10x10x10'), ...stepsOf('add', '1000')];
  const runs = [
    [1, 6, 3],
    [1, 6, 3],
    [50, 60, 70],
  ];
  const profiled = { steps, runs, clock: 'wall clock' as const };

  test('the same kernel on the same shape is one row, the largest share first', () => {
    const rows = kernelRows(profiled, { multiplyAdd: 1e6, copy: 24e6 });
    expect(
      rows.map(({ kernel, calls, milliseconds, share }) => [kernel, calls, milliseconds, share]),
    ).toEqual([
      ['matmul', 1, 6, 0.6],
      ['map add', 2, 3, 0.4],
    ]);
    expect(rows[0].rate).toBeCloseTo(2000 / 6e-3 / 1e9);
    expect(rows[0].ofCeiling).toBeCloseTo(1 / 3);
    expect(rows[1].ofCeiling).toBeCloseTo(12000 / 3e-3 / 24e6);
  });

  test('without ceilings there is no share of them', () => {
    expect(kernelRows(profiled, undefined)[0].ofCeiling).toBeUndefined();
    expect(productsInWords(profiled, undefined)).toContain('60.0 % of the run');
  });
});

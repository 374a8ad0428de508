import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { adamW, adamWState, crossEntropy, Parameter } from '../../src/nn/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { generator, randomValues } from '../support/random.js';

describe('cross entropy', () => {
  const logits = v.input('logits', [4, 3]);

  test.each([[[4, 1]], [[3]], [[]], [[3, 4]], [[1, 4, 3]]])(
    'refuses targets %j for logits [4, 3]',
    (shape) => {
      const call = (): unknown => crossEntropy(logits, v.input('targets', shape));
      expect(call).toThrow(v.ShapeError);
      expect(call).toThrow(
        `crossEntropy: logits [4, 3] and targets ${v.formatShape(shape)}; expected both [..., classes], of one shape, or the numbers of classes, [...].`,
      );
    },
  );

  test('refuses logits without classes', () => {
    expect(() => crossEntropy(v.input('logits', []), v.input('targets', []))).toThrow(v.ShapeError);
  });
});

describe.each(backendNames)('cross entropy on %s', (name) => {
  const backends = useBackends();

  test('is averaged over all rows', async () => {
    // Equal logits: log of the number of classes, whatever the targets.
    const loss = crossEntropy(
      v.constant(new Float32Array(12), [2, 2, 3]),
      v.input('targets', [2, 2, 3]),
      0.1,
    );
    const targets = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.5, 0);
    const { loss: value } = await evaluate({ loss }, backends[name], { targets });
    expect(value[0]).toBeCloseTo(Math.log(3), 6);
  });

  test('takes numbers of classes for distributions', async () => {
    const logits = v.constant(randomValues(2 * 3 * 5, generator()), [2, 3, 5]);
    const indices = Float32Array.of(4, 0, 2, 1, 1, 3);
    const distributions = new Float32Array(30);
    indices.forEach((label, row) => (distributions[5 * row + label] = 1));
    const { byNumber, byDistribution } = await evaluate(
      {
        byNumber: crossEntropy(logits, v.input('indices', [2, 3]), 0.1),
        byDistribution: crossEntropy(logits, v.input('distributions', [2, 3, 5]), 0.1),
      },
      backends[name],
      { indices, distributions },
    );
    expect(byNumber).toEqual(byDistribution);
  });
});

describe('adamW', () => {
  const options = { learningRate: 0.1, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 } as const;
  const parameters = [new Parameter([2, 3]), new Parameter([3])];
  const fitting = [v.input('a', [2, 3]), v.input('b', [3])];

  test.each([
    [
      'none',
      [],
      'adamW: the number of gradients is 0, that of parameters 2; give one each, in the same order.',
    ],
    ['too few', fitting.slice(1), 'adamW: the number of gradients is 1, that of parameters 2;'],
    ['too many', [...fitting, fitting[0]], 'adamW: the number of gradients is 3, that of parameters 2;'],
    [
      'one of another shape',
      [fitting[0], v.input('b', [2, 3])],
      'adamW: the gradient at position 1 has shape [2, 3]; expected that of its parameter, [3].',
    ],
    [
      'one that is none',
      [fitting[0], undefined as unknown as v.Tensor],
      'adamW: gradients: expected a tensor, not undefined.',
    ],
    ['one that would broadcast', [v.input('a', []), fitting[1]], 'the gradient at position 0 has shape [];'],
  ])('refuses gradients: %s', (_, gradients, message) => {
    const call = (): unknown => adamW(parameters, gradients, options);
    expect(call).toThrow(v.ShapeError);
    expect(call).toThrow(message);
  });

  test('refuses weight decays and a state of other parameters', () => {
    expect(() => adamW(parameters, fitting, { ...options, weightDecay: [0.1] })).toThrow(
      'adamW: the number of weight decays is 1, that of parameters 2;',
    );
    const [state, reversed] = [adamWState(parameters), adamWState([...parameters].reverse())];
    const mixed = { ...state, squares: reversed.squares };
    expect(() => adamW(parameters, fitting, options, reversed)).toThrow(
      'the mean at position 0 has shape [3];',
    );
    expect(() => adamW(parameters, fitting, options, mixed)).toThrow(
      'the square at position 0 has shape [3];',
    );
    expect(() => adamW([parameters[0]], [fitting[0]], options, state)).toThrow(
      'the number of means is 2, that of parameters 1;',
    );
  });

  test.each([
    [
      { betas: [1, 0.9] },
      'betas is [1, 0.9]; expected two numbers, each a number from 0 up to, but not including, 1.',
    ],
    [{ betas: [0.9, NaN] }, 'betas is [0.9, NaN]; expected two numbers'],
    [{ betas: [0.9, -0.1] }, 'betas is [0.9, -0.1]; expected two numbers'],
    [{ epsilon: -1 }, 'epsilon is -1; expected a finite number of at least 0.'],
    [{ learningRate: NaN }, 'learningRate is NaN; expected a finite number of at least 0, or a tensor.'],
    [{ learningRate: Infinity }, 'learningRate is Infinity; expected'],
    [{ learningRate: -1 }, 'learningRate is -1; expected'],
    [{ weightDecay: NaN }, 'weightDecay is NaN; expected'],
    [{ weightDecay: [0.1, -0.1] }, 'weightDecay is [0.1, -0.1]; expected'],
  ] as const)('refuses %j', (changes, message) => {
    const call = (): unknown => adamW(parameters, fitting, { ...options, ...changes });
    expect(call).toThrow(v.UsageError);
    expect(call).toThrow(`adamW: options: ${message}`);
  });

  test('takes what fits, also of nothing', () => {
    expect(adamW(parameters, fitting, options).size).toBe(2 + 3 * 2);
    expect(adamW([], [], options).size).toBe(2);
  });
});

describe('clipping', () => {
  test('refuses a norm that leaves nothing', () => {
    for (const largest of [0, -1, NaN, Infinity]) {
      const call = (): unknown => v.clipByNorm([v.input('a', [2])], largest);
      expect(call).toThrow(v.UsageError);
      expect(call).toThrow(`clipByNorm: the largest norm is ${largest}; expected a finite number above 0.`);
    }
  });

  test('refuses to clip nothing', () => {
    const call = (): unknown => v.clipByNorm([], 1);
    expect(call).toThrow(v.ShapeError);
    expect(call).toThrow('clipByNorm: at least one gradient is needed.');
  });
});

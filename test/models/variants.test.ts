import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { initialize } from '../../src/train/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

const sizes = { imageSize: 16, patchSize: 8, channels: 3, width: 8, depth: 2, heads: 2, hidden: 12 };
const usual: v.VisionTransformerConfig = { ...sizes, classes: 3, layerNormEpsilon: 1e-6 };
const backend = new v.ReferenceBackend();

function modelOf(changes: Partial<v.VisionTransformerConfig>): v.VisionTransformer {
  const model = new v.VisionTransformer({ ...usual, ...changes });
  initialize(model, { scheme: 'xavier', seed: 1 });
  return model;
}

function valuesOf(model: v.VisionTransformer): Promise<v.Values> {
  return evaluate({ x: model.pos_embed }, backend).then(({ x }) => x);
}

describe('positions that are not learned', () => {
  const grid = [0, 1].flatMap((row) => [0, 1].map((column) => [column, row] as const));

  test.each([
    // Two waves of each: wavelengths of 2 pi patches and of ten times as much.
    [
      'sin-cos',
      ([column, row]: readonly [number, number]) =>
        [column, row].flatMap((at) => [
          ...[Math.sin(at), Math.sin(at / 10)],
          ...[Math.cos(at), Math.cos(at / 10)],
        ]),
    ],
    [
      'integer',
      ([column, row]: readonly [number, number]) => [
        ...Array<number>(4).fill(column),
        ...Array<number>(4).fill(row),
      ],
    ],
  ] as const)('%s are those of rows and columns, and the class token has none', async (positions, of) => {
    const model = modelOf({ positions });
    expect([...model.namedParameters()].map(([name]) => name)).not.toContain('pos_embed');
    expectClose(await valuesOf(model), [...Array<number>(8).fill(0), ...grid.flatMap(of)], {
      absolute: 1e-6,
    });
  });

  test('are learned if nothing else is said', () => {
    expect([...modelOf({}).namedParameters()].map(([name]) => name)).toContain('pos_embed');
  });
});

describe(`blocks (seed ${seed})`, () => {
  const x = v.constant(randomValues(5 * 8, generator()), [1, 5, 8]);

  test.each([true, false])('add what enters their branches, or do not: %s', async (residuals) => {
    const [block] = modelOf({ residuals }).blocks;
    const beside = (input: v.Tensor, branch: v.Tensor) => (residuals ? v.add(input, branch) : branch);
    const middle = beside(x, block.attn.call(block.norm1.call(x)));
    const { found, expected } = await evaluate(
      { found: block.call(x), expected: beside(middle, block.mlp.call(block.norm2.call(middle))) },
      backend,
    );
    expect(found).toEqual(expected);
  });

  test('without norms have none, nor has the model behind them', async () => {
    const model = modelOf({ norm: 'none' });
    expect([...model.namedParameters()].filter(([name]) => name.includes('norm'))).toEqual([]);
    expect(model.config.finalNorm).toBe('none');
    const { through } = await evaluate({ through: model.blocks[0].norm1.call(x) }, backend);
    expect(through).toEqual((await evaluate({ x }, backend)).x);
  });
});

describe('a model of such choices', () => {
  const changes = { positions: 'integer', residuals: false, norm: 'none' } as const;

  test('is in its file as it is', async () => {
    const model = modelOf(changes);
    const preprocessing = v.scenesPreprocessing(16);
    const bytes = v.writeModel(model, { name: 'own', preprocessing });
    const file = await v.openSafetensors(v.bytesSource('own', bytes));
    const { config } = v.describeOwn(file.metadata, 'own')!;
    expect(config).toEqual(model.config);
    const again = new v.VisionTransformer(config);
    await v.loadCheckpoint(again, file);
    const image = v.constant(randomValues(3 * 16 * 16, generator()), [1, 3, 16, 16]);
    const { one, other } = await evaluate({ one: model.call(image), other: again.call(image) }, backend);
    // The file has float32.
    expectClose(other, one, { relative: 1e-6 });
  });

  test('is told from its tensors to have no norms, where nothing else says so', () => {
    const shapes = new Map(modelOf({ norm: 'none' }).namedParameters());
    const { config } = v.recognise(shapes, 'own', { headsOf: () => 2 });
    expect(config).toMatchObject({ norm: 'none', finalNorm: 'none' });
  });

  test.each(['rollout', 'gradient-rollout', 'chefer-iccv21', 'attention-flow', 'tokentm', 'recommended'])(
    'has no %s without residuals, and says what it has',
    (name) => {
      const choose = (config: v.VisionTransformerConfig) => v.chooseMethods([v.findMethod(name)], {}, config);
      expect(() => choose(usual)).not.toThrow();
      expect(() => choose({ ...usual, residuals: false })).toThrow(v.UsageError);
      expect(() => choose({ ...usual, residuals: false })).toThrow(
        /^\S+ is undefined on this model, whose blocks have no residual connections .* such as attention, attention-gradient, handoff, token-gradcam\.$/,
      );
    },
  );

  test('has maps of those that are offered', () => {
    const named = ['attention', 'attention-gradient', 'handoff', 'token-gradcam'].map(v.findMethod);
    const config = { ...usual, ...changes };
    expect(v.chooseMethods([...named, ...v.defaultMethodsOf(config)], {}, config)).toHaveLength(7);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

const [batch, tokens, width] = [2, 5, 6];
const norms = { norm: 'layer', epsilon: 1e-6 } as const;
const traits = { qkvBias: 'all', bias: true, queryKeyNorm: false, scaleNorm: false, ...norms } as const;

describe(`Hydra attention (seed ${seed})`, () => {
  const backends = useBackends();
  const random = generator();
  const layer = new v.HydraAttention({ width, heads: 3, ...traits });
  for (const [, parameter] of layer.namedParameters()) {
    parameter.assign(randomValues(parameter.size, random));
  }
  const x = randomValues(batch * tokens * width, random);
  const valuesOf = (tensor: v.Tensor | undefined): v.Values => (tensor as v.Parameter).storage.values!;

  /** By loops, head after head: each feature is one. */
  function plain(): number[] {
    const linear = (of: ArrayLike<number>, at: number, { weight, bias }: v.Linear, row: number): number => {
      let sum = valuesOf(bias)[row];
      for (let i = 0; i < width; i++) sum += valuesOf(weight)[row * width + i] * of[at + i];
      return sum;
    };
    const result: number[] = [];
    for (let image = 0; image < batch; image++) {
      const part = (which: number): number[][] =>
        Array.from({ length: tokens }, (_, t) =>
          Array.from({ length: width }, (_none, c) =>
            linear(x, (image * tokens + t) * width, layer.qkv, which * width + c),
          ),
        );
      const unit = (rows: number[][]): number[][] =>
        rows.map((row) => row.map((value) => value / Math.hypot(...row)));
      const [q, k, value] = [unit(part(0)), unit(part(1)), part(2)];
      for (let t = 0; t < tokens; t++) {
        // Attention of one head with a head width of 1: q k v, without a softmax.
        const mixed = Array.from({ length: width }, (_, head) => {
          let sum = 0;
          for (let s = 0; s < tokens; s++) sum += q[t][head] * k[s][head] * value[s][head];
          return sum;
        });
        for (let c = 0; c < width; c++) result.push(linear(mixed, 0, layer.proj, c));
      }
    }
    return result;
  }

  test.each(backendNames)('is as many heads as features, on %s', async (name) => {
    const { y } = await evaluate({ y: layer.call(v.input('x', [batch, tokens, width])) }, backends[name], {
      x,
    });
    expectClose(y, plain(), { relative: name === 'reference' ? 1e-12 : 2e-6 });
  });

  test('has the gradients of finite differences', async () => {
    const backend = new v.ReferenceBackend();
    const factors = v.constant(randomValues(batch * tokens * width, random), [batch, tokens, width]);
    const image = v.input('x', [batch, tokens, width]);
    const score = v.sum(v.multiply(factors, layer.call(image)));
    const parameters = [...layer.namedParameters()];
    const gradients = v.gradient(score, [...parameters.map(([, parameter]) => parameter), image]);
    const outputs = Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
    const found = await evaluate(outputs, backend, { x });
    const scoreNow = async (given = new Float64Array(x)): Promise<number> =>
      (await evaluate({ score }, backend, { x: given })).score[0];
    const step = 1e-4;
    for (const [i, [, parameter]] of parameters.entries()) {
      const before = parameter.storage.values!;
      for (const at of [0, parameter.size >> 1, parameter.size - 1]) {
        const [above, below] = [[], []] as number[][];
        for (const [sign, into] of [
          [1, above],
          [-1, below],
        ] as const) {
          const moved = new Float64Array(before);
          moved[at] += sign * step;
          parameter.assign(moved);
          into.push(await scoreNow());
        }
        parameter.assign(before);
        expect((above[0] - below[0]) / (2 * step)).toBeCloseTo(found[String(i)][at], 5);
      }
    }
    const inputs = found[String(parameters.length)];
    for (const at of [0, 17, inputs.length - 1]) {
      const [above, below] = [1, -1].map((sign) => {
        const moved = new Float64Array(x);
        moved[at] += sign * step;
        return scoreNow(moved);
      });
      expect(((await above) - (await below)) / (2 * step)).toBeCloseTo(inputs[at], 5);
    }
  });

  test('is finite where a token has no direction', async () => {
    const still = new v.HydraAttention({ width, heads: 1, ...traits, qkvBias: 'none' });
    for (const [, parameter] of still.namedParameters())
      parameter.assign(randomValues(parameter.size, random));
    const image = v.input('x', [1, tokens, width]);
    const y = still.call(image);
    const [gradient] = v.gradient(v.sum(y), [image]);
    const zeros = new Float32Array(tokens * width);
    const found = await evaluate({ y, gradient }, new v.ReferenceBackend(), { x: zeros });
    expect([...found.y, ...found.gradient].every(Number.isFinite)).toBe(true);
  });
});

describe('a model with Hydra attention', () => {
  const config: v.VisionTransformerConfig = {
    ...{ imageSize: 16, patchSize: 4, channels: 3, width: 12, depth: 2, heads: 4, hidden: 8, classes: 3 },
    ...{ layerNormEpsilon: 1e-6, attention: 'hydra' },
  };
  const softmax: v.VisionTransformerConfig = { ...config, attention: 'softmax' };

  test('has as many parameters as one by softmax, under the same names', () => {
    const names = (of: v.VisionTransformerConfig): string[] =>
      [...new v.VisionTransformer(of).namedParameters()].map(
        ([name, { shape }]) => `${name} ${shape.join()}`,
      );
    expect(names(config)).toEqual(names(softmax));
  });

  test.each(['rollout', 'gradient-rollout', 'recommended', 'libra-chefer', 'attention', 'score-map'])(
    'has no %s, and says what it has',
    (name) => {
      const choose = (of: v.VisionTransformerConfig): unknown =>
        v.chooseMethods([v.findMethod(name)], {}, of);
      expect(() => choose(softmax)).not.toThrow();
      expect(() => choose(config)).toThrow(v.UsageError);
      expect(() => choose(config)).toThrow(
        /^\S+ is undefined on this model, whose attention .* such as token-gradcam, skipplus, input-gradient, space-and-channels\.$/,
      );
    },
  );

  test.each([
    'ixg',
    'libra-skipplus',
    'token-gradcam',
    'skipplus',
    'input-gradient',
    'space-and-channels',
    'views',
    'all',
  ])('has %s', async (name) => {
    const model = new v.VisionTransformer(config);
    const random = generator(1);
    for (const [, parameter] of model.namedParameters())
      parameter.assign(randomValues(parameter.size, random));
    const found = v.findMethods(name, v.definedOn(config));
    const methods = v.chooseMethods(found, {}, config);
    const preprocessing = v.scenesPreprocessing(16);
    const explainer = await v.Explainer.create({ model, preprocessing }, new v.ReferenceBackend(), {
      methods,
    });
    const picture = { width: 16, height: 16, data: new Uint8Array(3 * 256).map((_, i) => (i * 37) % 251) };
    const [{ maps }] = await explainer.explain(
      [explainer.makeReady(picture)],
      [[{ kind: 'class', index: 1 }]],
    );
    expect(maps.length).toBe(found.length);
    for (const { values } of maps) {
      expect(values.every(Number.isFinite)).toBe(true);
      expect(values.some((value) => value !== 0)).toBe(true);
    }
  });

  test('has no heads to take out, but attention as a whole', () => {
    const sizes = v.sizesOf(config);
    expect(() => v.parseParts('blocks.0.attn:0', sizes)).toThrow(
      'This model has no attention matrices, and so no heads to take out; take out whole attentions, MLPs or patches.',
    );
    expect(v.parseParts('blocks.0.attn', sizes).names).toEqual(['blocks.0.attn']);
  });
});

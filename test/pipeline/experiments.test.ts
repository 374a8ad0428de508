import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends, oneBackend } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const preprocessing = v.scenesPreprocessing(32);

function noise(random: () => number): v.Picture {
  const [width, height] = [48, 40];
  return { width, height, data: Uint8Array.from(randomValues(3 * width * height, random, 0, 256)) };
}

describe(`experiments (seed ${seed})`, () => {
  const backends = useBackends();
  const { model } = microModel();
  const subject = { model, preprocessing };
  const sizes = v.sizesOf(model.config);
  const random = generator();
  const picture = noise(random);
  const methods = v.chooseMethods([v.rollout, v.gradientRollout], {}, model.config);
  const sampled = v.chooseMethods([v.integratedGradients], { steps: 5 }, model.config);
  const contrast: v.ClassTarget = { kind: 'contrast', index: 3, against: 1 };
  const without = (text: string, by: v.StandIn = 'zero'): v.Ablation => ({
    parts: v.parseParts(text, sizes).parts,
    by,
  });

  test.each(backendNames)('one program explains with and without any part, on %s', async (name) => {
    const explainer = await v.Explainer.create(subject, backends[name], {
      methods: [...methods, ...sampled],
      batch: 2,
      ablation: true,
    });
    const ready = explainer.makeReady(picture);
    const ablations = [without('blocks.1.attn:0'), undefined, without('patches:0-1,2', 'mean')];
    const found = await explainer.explain(
      ablations.map(() => ready),
      ablations.map(() => [contrast]),
      { ablations },
    );
    explainer.dispose();
    for (const [i, ablation] of ablations.entries()) {
      const { hooks, values } = v.ablationInput('ablation', 1, sizes);
      const graph = v.hooked(model, hooks, () => {
        const pass = v.forwardPass(model, v.input('image', [1, 3, 32, 32]));
        const why = v.explained(pass, v.constant([0, -1, 0, 1, 0], [1, 5]));
        const maps = [...methods, ...sampled].map(({ method, options }) => method.map(why, options));
        return { logits: pass.logits, ...Object.fromEntries(maps.map((map, m) => [`map.${m}`, map])) };
      });
      const expected: Record<string, v.Values> = await evaluate(graph, backends.reference, {
        image: ready[0].values,
        ...values([ablation]),
      });
      expectClose(found[i].logits, expected['logits'], { absolute: 1e-5 });
      for (const [m, map] of found[i].maps.entries()) {
        const values = expected[`map.${m}`];
        expectClose(map.values, values, { absolute: 1e-4 * Math.max(1e-3, ...values.map(Math.abs)) });
      }
    }
  });

  test('a program that was not asked to does not take anything out', async () => {
    const explainer = await v.Explainer.create(subject, backends[oneBackend], { methods });
    const ready = explainer.makeReady(picture);
    const run = explainer.explain([ready], [[contrast]], { ablations: [without('blocks.0.mlp')] });
    await expect(run).rejects.toThrow('create the explainer with ablation: true.');
    explainer.dispose();
  });

  const sum = (values: Iterable<number>): number => Array.from(values).reduce((x, y) => x + y, 0);

  /** The scores of the contrast and of a class, by plain arithmetic. */
  const scores = {
    logit: (logits: v.Values, index: number) => [logits[3] - logits[1], logits[index]],
    'log-probability': (logits: v.Values, index: number) => [
      logits[3] - logits[1],
      logits[index] - Math.log(sum(logits.map(Math.exp))),
    ],
  };

  test.each([
    ['logit', 'zero', undefined],
    ['log-probability', 'mean', 2],
  ] as const)('every head once: %s, by %s, %s copies a run', async (score, by, together) => {
    const targets: v.ClassTarget[] = [contrast, { kind: 'rank', rank: 0 }];
    const explainer = await v.Explainer.create(subject, backends[oneBackend], { methods, ablation: true });
    const ready = explainer.makeReady(picture);
    const [whole] = await explainer.explain([ready], [[contrast]]);
    const best = v.classOfRank(whole.logits, 0);
    const knockOuts = await v.HeadKnockOuts.create(subject, backends[oneBackend], {
      targets: 2,
      ...{ by, score },
      ...(together === undefined ? {} : { together }),
    });
    const found = await knockOuts.run(knockOuts.makeReady(picture), targets);
    knockOuts.dispose();
    expectClose(found.logits, whole.logits, { absolute: 1e-5 });
    expect(found.maps.map(({ target }) => target)).toEqual([
      contrast,
      { kind: 'class', index: best },
      undefined,
    ]);
    for (const [i, map] of found.maps.entries()) {
      expect(map).toMatchObject({ grid: [2, 2], axes: ['block', 'head'], options: { by } });
      for (let part = 0; part < 4; part++) {
        const ablation = without(`blocks.${Math.floor(part / 2)}.attn:${part % 2}`, by);
        const [other] = await explainer.explain([ready], [[contrast]], { ablations: [ablation] });
        const expected =
          i < 2
            ? scores[score](whole.logits, best)[i] - scores[score](other.logits, best)[i]
            : moved(whole.maps[0].values, other.maps[0].values);
        expect(Math.abs(map.values[part] - expected)).toBeLessThan(2e-5);
      }
    }
    explainer.dispose();
  });

  /** The share of a map's heat that lies elsewhere in another. */
  function moved(a: v.Values, b: v.Values): number {
    const [ofA, ofB] = [sum(a), sum(b)];
    return sum(a.map((value, i) => Math.max(0, b[i] / ofB - value / ofA)));
  }

  test.each([
    [1, 'grey', undefined],
    [2, 'blur', 4],
    [3, 'mean', 1],
  ] as const)(
    'every window of %s taken away once, by %s, %s copies a run',
    async (window, fill, together) => {
      const occluder = await v.Occluder.create(subject, backends[oneBackend], {
        ranks: 2,
        ...{ window, fill },
        ...(together === undefined ? {} : { together }),
      });
      const ready = occluder.makeReady(picture);
      const steps: number[] = [];
      const { logits, maps } = await occluder.run(ready, [{ kind: 'rank', rank: 1 }], {
        onProgress: ({ done }) => steps.push(done),
      });
      occluder.dispose();
      expect(steps.at(-1)).toBe((5 - window) ** 2);
      const index = v.classOfRank(logits, 1);
      const pass = v.forwardPass(model, v.input('image', [1, 3, 32, 32]));
      const seed = Float32Array.from({ length: 5 }, (_, i) => Number(i === index));
      const why = v.explained(pass, v.constant(seed, [1, 5]));
      const expected = await evaluate(
        { map: v.occlusion.map(why, { window, fill }), score: why.score },
        backends.reference,
        { image: ready.values },
      );
      expect(difference(maps[0].values, expected.map).absolute).toBeLessThan(2e-5);
      expect(maps[0].before).toBeCloseTo(expected.score[0], 4);
      expect(maps[0]).toMatchObject({ target: { kind: 'class', index }, options: { window, fill } });
    },
  );

  test('tensors of all layers are those of the pass', async () => {
    const kinds = ['attention', 'gradient', 'tokens'] as const;
    const tensors = await v.LayerTensors.create(subject, backends[oneBackend], kinds, { ranks: 0 });
    const [ready] = v.makeReady(picture, [preprocessing]);
    const found = await tensors.run(ready, [contrast]);
    tensors.dispose();
    const pass = v.forwardPass(model, v.input('image', [1, 3, 32, 32]));
    const why = v.explained(pass, v.constant([0, -1, 0, 1, 0], [1, 5]));
    const expected: Record<string, v.Tensor> = {};
    const attentions = pass.layers.map(({ attention }) => attention);
    attentions.forEach((attention, layer) => (expected[`attention.${layer}`] = attention));
    why.gradient(attentions).forEach((gradient, layer) => (expected[`gradient.${layer}`] = gradient));
    [...pass.layers.map(({ tokens }) => tokens), pass.layers[1].after].forEach(
      (tokens, layer) => (expected[`tokens.${layer}`] = tokens),
    );
    expect(found.map(({ kind, layer }) => `${kind}.${layer}`)).toEqual(Object.keys(expected));
    const values: Record<string, v.Values> = await evaluate(expected, backends.reference, {
      image: ready.values,
    });
    for (const { kind, layer, shape, target, values: own } of found) {
      expect(shape).toEqual(expected[`${kind}.${layer}`].shape.slice(1));
      expect(target).toBe(kind === 'gradient' ? 0 : undefined);
      expectClose(own, values[`${kind}.${layer}`], { absolute: 1e-5 });
    }
  });

  test('heads of a model without classes are knocked out for the length of its features', async () => {
    const { model: nameless } = zooModel(zooFixtures, 'dino_nohead');
    const [, height, width] = nameless.inputShape;
    const own = { ...v.vitExplainPreprocessing, size: [height, width] } as const;
    const knockOuts = await v.HeadKnockOuts.create(
      { model: nameless, preprocessing: own },
      backends[oneBackend],
      {
        ranks: 0,
        features: true,
      },
    );
    const ready = knockOuts.makeReady(picture);
    const { logits, maps } = await knockOuts.run(ready, [{ kind: 'norm' }]);
    knockOuts.dispose();
    const { heads, depth } = nameless.config;
    const { hooks, values } = v.ablationInput('ablation', 1, v.sizesOf(nameless.config));
    const graph = v.hooked(nameless, hooks, () =>
      nameless.call(v.input('image', [1, ...nameless.inputShape])),
    );
    const place = heads * depth - 1;
    const ablation = {
      parts: [v.partsOf(v.sizesOf(nameless.config)).head(depth - 1, heads - 1)],
      by: 'zero',
    } as const;
    const { y } = await evaluate({ y: graph }, backends.reference, {
      image: ready.values,
      ...values([ablation]),
    });
    expect(maps[0].values).toHaveLength(place + 1);
    expect(maps[0].values[place]).toBeCloseTo(Math.hypot(...logits) - Math.hypot(...y), 4);
  });
});

import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends, oneBackend } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { goldenMapsOf, goldenTolerance } from '../support/methods-golden.js';
import { deitTiny, microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';
import { describeWithReference } from '../support/reference.js';
import { readMetadata, readSafetensors } from '../support/safetensors.js';

const backends = useBackends();

/** A picture that is ready, for a model that is tested with numbers alone. */
function ready(values: Float32Array): v.ReadyPicture {
  const geometry = { original: [32, 32], resized: [32, 32], crop: [0, 0, 32, 32] } as unknown as v.Geometry;
  return [{ values, geometry } as unknown as v.Preprocessed];
}

describe(`maps that are means over samples (seed ${seed})`, () => {
  const { model } = microModel();
  const subject = { model, preprocessing: v.scenesPreprocessing(32) };
  const shape = model.inputShape;
  const random = generator();
  const pictures = Array.from({ length: 3 }, () => randomValues(v.sizeOf(shape), random));
  const classes = [3, 0, 4];
  const { classes: count } = model.config;

  /** What the whole graph gives for each picture alone, all samples at once. */
  const whole = async (method: v.AnyMethod, options: object, picture: number): Promise<v.Values> => {
    const onehot = new Float32Array(count);
    onehot[classes[picture]] = 1;
    const pass = v.forwardPass(model, v.input('image', [1, ...shape]));
    const map = method.map(v.explained(pass, v.constant(onehot, [1, count])), { ...options });
    return (await evaluate({ map }, backends.reference, { image: pictures[picture] })).map;
  };

  const methods = [
    'integrated-gradients',
    'libra-attcat',
    'smooth-gradient-rollout',
    'rollout',
    'smooth-rollout',
    'libra-integrated-gradients',
    'smoothgrad',
  ];
  // Numbers of samples that fill no run.
  const chosen = methods.flatMap((name) => {
    const method = v.findMethod(name);
    return v.chooseMethods(
      [method],
      method.sampled === undefined ? {} : name.includes('integrated') ? { steps: 13 } : { samples: 5 },
      model.config,
    );
  });
  const known = new Map<string, Promise<v.Values>>();
  /** Once for all backends. */
  const expected = (position: number, picture: number): Promise<v.Values> => {
    const { method, options } = chosen[position];
    const key = `${position} ${picture}`;
    const found = known.get(key) ?? whole(method, options, picture);
    known.set(key, found);
    return found;
  };

  test.each(backendNames)(
    'added up in parts are those of the whole graph, picture by picture, on %s',
    async (backend) => {
      for (const batch of [1, 3]) {
        const explainer = await v.Explainer.create(subject, backends[backend], {
          methods: chosen,
          batch,
          ranks: 0,
        });
        const targets = classes.map((index): v.ClassTarget[] => [{ kind: 'class', index }]);
        const found = await explainer.explain(pictures.map(ready), targets);
        explainer.dispose();
        for (const [picture, { maps }] of found.entries()) {
          expect(maps.map(({ method }) => method.name)).toEqual(chosen.map(({ method }) => method.name));
          for (const [position, { values }] of maps.entries()) {
            expectClose(values, await expected(position, picture), {
              relative: backend === 'reference' ? 1e-7 : 1e-4,
            });
          }
        }
      }
    },
  );

  test('one after the other begin anew', async () => {
    const methods = v.chooseMethods([v.integratedGradients], { steps: 9 }, model.config);
    const explainer = await v.Explainer.create(subject, backends.reference, { methods, ranks: 0 });
    const explain = (picture: number) =>
      explainer.explain([ready(pictures[picture])], [[{ kind: 'class', index: 1 }]]);
    const [[first], [second], [again]] = await Promise.all([explain(0), explain(1), explain(0)]);
    expect(again.maps[0].values).toEqual(first.maps[0].values);
    expect(difference(second.maps[0].values, first.maps[0].values).relative).toBeGreaterThan(0.01);
    explainer.dispose();
    expect(backends.reference.memory().bytes).toBe(0);
  });

  test('without noise are the method itself; with it, the same for the same seed', async () => {
    for (const method of [v.gradientRollout, v.rollout, v.inputGradient]) {
      const smooth = v.smooth(method)!;
      const plain = await whole(method, {}, 0);
      expectClose(await whole(smooth, { noise: 0, samples: 3 }, 0), plain, { relative: 1e-6 });
      const noisy = await whole(smooth, { noise: 0.2, samples: 3 }, 0);
      expect(difference(noisy, plain).relative).toBeGreaterThan(1e-3);
      expect(await whole(smooth, { noise: 0.2, samples: 3 }, 0)).toEqual(noisy);
      expect(
        difference(await whole(smooth, { noise: 0.2, samples: 3, seed: 1 }, 0), noisy).relative,
      ).toBeGreaterThan(1e-3);
    }
  });

  test('are called off between two runs', async () => {
    const methods = v.chooseMethods([v.integratedGradients], { steps: 64 }, model.config);
    const explainer = await v.Explainer.create(subject, backends[oneBackend], { methods, ranks: 0 });
    const caller = new AbortController();
    const found = explainer.explain(
      [ready(pictures[0])],
      [[{ kind: 'rank', rank: 0 }]].map(() => [{ kind: 'class', index: 0 }]),
      {
        signal: caller.signal,
      },
    );
    caller.abort(new Error('the person left'));
    await expect(found).rejects.toThrow('the person left');
    explainer.dispose();
  });

  test('of integrated gradients: exact for a linear model, and the gap of any other shrinks with the steps', async () => {
    const weights = v.constant(randomValues(2 * 48, random), [48, 2]);
    const linear = (image: v.Tensor): v.Pass => {
      const logits = v.matmul(v.reshape(image, [image.shape[0], 48]), weights);
      const { layers, ...rest } = v.forwardPass(model, v.input('unused', [1, ...shape]));
      return { ...rest, layers, image, logits, layout: { prefixTokens: 0, grid: [2, 2] }, again: linear };
    };
    const image = v.input('image', [1, 3, 4, 4]);
    const pass = v.explained(linear(image), v.constant([1, 0], [1, 2]));
    const given = { image: randomValues(48, random) };
    const { one, many, plain } = await evaluate(
      {
        one: v.integratedGradients.map(pass, { steps: 1 }),
        many: v.integratedGradients.map(pass, { steps: 7 }),
        plain: v.inputGradient.map(pass),
      },
      backends.reference,
      given,
    );
    expectClose(one, plain, { relative: 1e-6 });
    expectClose(many, plain, { relative: 1e-6 });

    const gaps: number[] = [];
    for (const steps of [2, 64]) {
      const methods = v.chooseMethods([v.integratedGradients], { steps }, model.config);
      const explainer = await v.Explainer.create(subject, backends.reference, {
        methods,
        batch: pictures.length * count,
        ranks: 0,
      });
      // Of many maps: the gap of a single one may happen to be next to nothing after any number of steps.
      const every = pictures.flatMap((picture) =>
        Array.from({ length: count }, (_, index) => ({ picture, target: { kind: 'class', index } as const })),
      );
      const found = await explainer.explain(
        every.map(({ picture }) => ready(picture)),
        every.map(({ target }) => [target]),
      );
      const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
      gaps.push(
        sum(
          found.flatMap(({ maps }) => maps.map(({ promised, values }) => Math.abs(promised! - sum(values)))),
        ),
      );
      explainer.dispose();
    }
    expect(gaps[1]).toBeLessThan(gaps[0] / 10);
    expect(gaps[1]).toBeGreaterThan(0);
  });
});

describeWithReference('integrated gradients of DeiT-tiny against PyTorch in float64', (folder) => {
  test.each(['dogbird', 'chelsea'])('32 steps, and the gap, for %s', async (picture) => {
    const path = goldenMapsOf(folder, picture);
    const [golden, metadata] = [readSafetensors(path), readMetadata(path)];
    const index = picture === 'dogbird' ? 161 : 281;
    const model = deitTiny(folder);
    const methods = v.chooseMethods([v.integratedGradients], {}, model.config);
    const subject = { model, preprocessing: v.scenesPreprocessing(224) };
    const explainer = await v.Explainer.create(subject, backends[oneBackend], { methods, ranks: 0 });
    const image = readSafetensors(join(folder, 'golden', `${picture}.safetensors`))('input')
      .values as Float32Array;
    const [{ maps }] = await explainer.explain([ready(image)], [[{ kind: 'class', index }]]);
    explainer.dispose();
    const expected = golden(`integrated-gradients-32.${index}`).values;
    // PyTorch's own distance is not given for it: a mean of plain gradients is held to what holds for those of AttCAT.
    const allowed = goldenTolerance(folder)('attcat');
    const largest = Math.max(...Array.from(expected, Math.abs));
    expect(difference(maps[0].values, expected).absolute / largest).toBeLessThanOrEqual(allowed);
    const sum = Array.from(maps[0].values).reduce((a, b) => a + b, 0);
    // There it is what the sum has too much.
    expect(sum - maps[0].promised!).toBeCloseTo(Number(metadata[`ig32_gap.${index}`]), 3);
  });
});

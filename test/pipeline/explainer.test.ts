import { describe, expect, jest, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends, oneBackend } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { finish } from '../support/finish.js';
import { microModel } from '../support/models.js';
import { areSame } from '../image/pictures.js';
import { generator, randomValues, seed } from '../support/random.js';

const preprocessing = v.scenesPreprocessing(32);

/** A picture of noise, wider than high. */
function noise(random: () => number): v.Picture {
  const [width, height] = [48, 40];
  return { width, height, data: Uint8Array.from(randomValues(3 * width * height, random, 0, 256)) };
}

describe(`an explainer (seed ${seed})`, () => {
  const backends = useBackends();
  const { model } = microModel();
  const methods = v.chooseMethods(v.methods, { discardRatio: 0.5 }, model.config);
  const preprocessings = v.preprocessingsOf(methods, preprocessing);
  const pictures = (random: () => number, count: number): v.ReadyPicture[] =>
    Array.from({ length: count }, () => v.makeReady(noise(random), preprocessings));

  test('pictures are made ready once for each way that methods ask for', () => {
    expect(preprocessings).toEqual([preprocessing, { ...v.vitExplainPreprocessing, size: 32 }]);
    const own = methods.filter(({ method }) => !method.name.startsWith('vit-explain'));
    expect(v.preprocessingsOf(own, preprocessing)).toEqual([preprocessing]);
  });

  test.each(backendNames)('gives each picture the maps that its graph gives, on %s', async (name) => {
    const random = generator();
    const [ready] = pictures(random, 1);
    const explainer = await v.Explainer.create({ model, preprocessing }, backends[name], {
      methods,
      ranks: 0,
    });
    const [found] = await explainer.explain([ready], [[{ kind: 'contrast', index: 3, against: 1 }]]);
    explainer.dispose();
    expect(found.maps.map(({ method }) => method.name)).toEqual(v.methods.map((method) => method.name));
    const formOf = ({ method }: v.ChosenMethod): number => (method.preprocessing === undefined ? 0 : 1);
    const mapsOf = (form: number, values: v.Values) => {
      const pass = v.forwardPass(model, v.input('image', [1, 3, 32, 32]));
      const contrast = v.explained(pass, v.constant([0, -1, 0, 1, 0], [1, 5]));
      const own = methods.filter((chosen) => formOf(chosen) === form);
      const graph = Object.fromEntries(
        own.map(({ method, options }) => [method.name, method.map(contrast, options)]),
      );
      return evaluate({ ...graph, logits: pass.logits }, backends.reference, { image: values });
    };
    const expected = await Promise.all(ready.map(({ values }, form) => mapsOf(form, values)));
    const nearby = await Promise.all(
      ready.map(({ values }, form) =>
        mapsOf(
          form,
          Float32Array.from(values, (x) => x * (1 + 1e-5 * random())),
        ),
      ),
    );
    expectClose(found.logits, expected[0].logits, { absolute: 1e-5 });
    for (const map of found.maps) {
      const { method } = map;
      const own = formOf(map);
      const [values, moved] = [expected, nearby].map((maps) =>
        finish(method, maps[own][method.name as 'logits'], model.geometry),
      );
      const [largest] = values.map(Math.abs).toSorted((a, b) => b - a);
      // Of what is left where all cancels, nothing but rounding can be expected; where nearly all does, a map is no more
      // certain than what as small a change of the picture makes of it.
      const uncertain = difference(moved, values).absolute;
      expectClose(map.values, values, { absolute: Math.max(1e-5 * Math.max(largest, 1e-3), uncertain) });
      expect(map).toMatchObject({
        grid: [4, 4],
        target: method.of === 'class' ? { index: 3, against: 1 } : undefined,
        geometry: ready[own].geometry,
      });
    }
  });

  test.each(backendNames)('each picture of a batch has targets of its own, on %s', async (name) => {
    const random = generator();
    const ready = pictures(random, 5);
    const targets = ready.map((_, i): v.ClassTarget[] => [
      { kind: 'class', index: i },
      { kind: 'rank', rank: i % 2 },
    ]);
    const options = { methods, targets: 2, ranks: 2 };
    const together = await v.Explainer.create({ model, preprocessing }, backends[name], {
      ...options,
      batch: 3,
    });
    const alone = await v.Explainer.create({ model, preprocessing }, backends[name], options);
    const steps: number[] = [];
    const found = await together.explain(ready, targets, {
      onProgress: ({ stage, done, total }) => {
        expect({ stage, total }).toEqual({ stage: 'explain', total: 5 });
        steps.push(done);
      },
    });
    expect(steps).toEqual([3, 5]);
    expect(found).toHaveLength(5);
    for (const [i, one] of found.entries()) {
      const [expected] = await alone.explain([ready[i]], [targets[i]]);
      expectClose(one.logits, expected.logits, { absolute: 1e-5 });
      const order = Array.from(one.logits.keys()).sort((a, b) => one.logits[b] - one.logits[a]);
      one.maps.forEach((map, position) => {
        const [largest] = expected.maps[position].values.map(Math.abs).toSorted((a, b) => b - a);
        expectClose(map.values, expected.maps[position].values, { absolute: 1e-4 * largest });
        expect(map.target).toEqual(expected.maps[position].target);
      });
      const classes = one.maps.filter(({ method }) => method.name === 'chefer-iccv21');
      expect(classes.map(({ target }) => target)).toEqual(
        [i, order[i % 2]].map((index) => ({ kind: 'class', index })),
      );
    }
    together.dispose();
    alone.dispose();
  });

  test('one program serves every class and contrast: nothing is compiled or loaded anew', async () => {
    const before = backends.webgpu.memory();
    const [gradientRollout] = v.chooseMethods([v.gradientRollout], {}, model.config);
    const explainer = await v.Explainer.create({ model, preprocessing }, backends.webgpu, {
      methods: [gradientRollout],
    });
    const loaded = backends.webgpu.memory();
    const { pipelines } = backends.webgpu.statistics();
    const ready = explainer.makeReady(noise(generator()));
    const maps: v.Values[] = [];
    const targets: v.ClassTarget[] = [
      ...[0, 1, 2, 3, 4].map((index) => ({ kind: 'class', index }) as const),
      { kind: 'contrast', index: 1, against: 3 },
      { kind: 'contrast', index: 4, against: 0 },
      { kind: 'rank', rank: 0 },
    ];
    for (const target of targets) {
      const [found] = await explainer.explain([ready], [[target]]);
      maps.push(found.maps[0].values);
    }
    expect(new Set(maps.slice(0, -1).map((values) => values.join())).size).toBe(targets.length - 1);
    expect(backends.webgpu.memory()).toEqual(loaded);
    expect(backends.webgpu.statistics().pipelines).toBe(pipelines);
    expect(difference(maps[0], maps[1]).relative).toBeGreaterThan(1e-3);
    explainer.dispose();
    expect(backends.webgpu.memory()).toEqual(before);
  });

  test('a rank costs no second forward pass', () => {
    const [method] = v.chooseMethods([v.gradientRollout], {}, model.config);
    const work = (ranks: number): number => {
      const { outputs } = v.planMaps(model, [method], { batch: 1, targets: 2, ranks });
      return v.multiplyAdds(v.buildPlan(outputs));
    };
    const forward = v.multiplyAdds(v.buildPlan({ y: model.call(v.input('image', [1, 3, 32, 32])) }));
    // Each target takes its class out of as many rows as there are ranks.
    expect(work(3)).toBe(work(0) + 2 * 3 * model.config.classes);
    expect(work(3)).toBeLessThan(4 * forward);
  });

  test('refuses targets that there are not, and lists that do not fit', async () => {
    const explainer = await v.Explainer.create({ model, preprocessing }, backends.reference, {
      methods,
      ranks: 1,
    });
    const [ready] = pictures(generator(), 1);
    const explain = (...targets: v.ClassTarget[][]): Promise<unknown> => explainer.explain([ready], targets);
    await expect(explain([{ kind: 'class', index: 5 }])).rejects.toThrow(
      'There is no class 5; this model has classes 0 to 4.',
    );
    await expect(explain([{ kind: 'rank', rank: 1 }])).rejects.toThrow(
      'There is no rank 1; this program looks up 1 ranks.',
    );
    await expect(explain([])).rejects.toThrow(/1 lists of targets for 1 pictures, one of 0; give each/);
    await expect(explain()).rejects.toThrow(
      /^explain: 0 lists of targets for 1 pictures; give each picture 1/,
    );
    explainer.dispose();
  });

  test.each(backendNames)(
    'of equal logits, the class told first is the one explained, on %s',
    async (name) => {
      // All classes alike: the classifier knows nothing.
      const blind = microModel().model;
      for (const [, parameter] of blind.head.namedParameters()) {
        parameter.assign(new Float32Array(parameter.size));
      }
      const subject = { model: blind, preprocessing };
      const [chefer] = v.chooseMethods([v.cheferIccv21], {}, blind.config);
      const explainer = await v.Explainer.create(subject, backends[name], { methods: [chefer], ranks: 5 });
      const ready = explainer.makeReady(noise(generator()));
      for (const rank of [0, 1, 4]) {
        const [{ logits, maps }] = await explainer.explain([ready], [[{ kind: 'rank', rank }]]);
        const told = v.mostProbable(logits, ['a', 'b', 'c', 'd', 'e'], 5);
        expect(maps[0].target).toEqual({ kind: 'class', index: told[rank].index });
      }
      explainer.dispose();
    },
  );

  test('a target that does not exist is found before anything is run', async () => {
    const explainer = await v.Explainer.create({ model, preprocessing }, backends.webgpu, { methods });
    const ready = pictures(generator(), 2);
    const { runs } = backends.webgpu.statistics();
    const explaining = explainer.explain(ready, [[{ kind: 'rank', rank: 0 }], [{ kind: 'class', index: 9 }]]);
    await expect(explaining).rejects.toThrow('There is no class 9; this model has classes 0 to 4.');
    expect(backends.webgpu.statistics().runs).toBe(runs);
    explainer.dispose();
  });

  test('methods of no class need no target', async () => {
    const [rollout] = v.chooseMethods([v.rollout], {}, model.config);
    const subject = { model, preprocessing };
    const explainer = await v.Explainer.create(subject, backends.reference, { methods: [rollout] });
    const [found] = await explainer.explain([explainer.makeReady(noise(generator()))], [[]]);
    expect(found.maps.map(({ target }) => target)).toEqual([undefined]);
    explainer.dispose();
  });

  test('maps come in the order of the methods, one of them twice', async () => {
    const choose = (method: v.AnyMethod, layers: number[]): readonly v.ChosenMethod[] =>
      v.chooseMethods([method], { layers }, model.config);
    const chosen = [
      ...choose(v.rollout, [0, 0]),
      ...v.chooseMethods([v.vitExplainRollout], {}, model.config),
      ...choose(v.gradientRollout, [0, 1]),
      ...choose(v.rollout, [1, 1]),
    ];
    const subject = { model, preprocessing };
    const explainer = await v.Explainer.create(subject, backends.reference, { methods: chosen });
    const ready = explainer.makeReady(noise(generator()));
    const [{ maps, logits }] = await explainer.explain([ready], [[{ kind: 'rank', rank: 0 }]]);
    expect(maps.map(({ method, options }) => ({ method, options }))).toEqual(chosen);
    // The predictions are those of the picture as the model asks for it.
    const y = model.call(v.input('image', [1, 3, 32, 32]));
    const own = v.preprocess(noise(generator()), preprocessing);
    expectClose(logits, (await evaluate({ y }, backends.reference, { image: own.values })).y, {
      absolute: 1e-6,
    });
    explainer.dispose();
  });

  test.each([
    [{ batch: 0 }, 'batch is 0; give a whole number of at least 1.'],
    [{ targets: 1.5 }, 'targets is 1.5; give a whole number of at least 1.'],
    [{ ranks: 6 }, 'A target cannot choose from 6 ranks; this model has 5 classes.'],
    [{ methods: [] }, 'There is no method to explain with; choose at least one.'],
  ])('%j makes no sense', async (size, message) => {
    const creating = v.Explainer.create({ model, preprocessing }, backends.reference, {
      methods,
      weights: Promise.reject(new Error('nobody hears of it')),
      ...size,
    });
    await expect(creating).rejects.toThrow(message);
  });

  test('a target more costs as many steps as the one before', () => {
    const [method] = v.chooseMethods([v.attentionGradcam], {}, model.config);
    const steps = (targets: number): number =>
      v.buildPlan(v.planMaps(model, [method], { batch: 1, targets, ranks: targets }).outputs).steps.length;
    const counts = [1, 2, 3, 4, 5].map(steps);
    expect(counts[4] - counts[3]).toBe(counts[2] - counts[1]);
  });

  describe('called off', () => {
    test('before it is compiled: rejected with the reason, and nothing stays on the device', async () => {
      const before = backends.webgpu.memory();
      const controller = new AbortController();
      const reason = new Error('the person left');
      const stages: string[] = [];
      const creating = v.Explainer.create({ model, preprocessing }, backends.webgpu, {
        methods,
        // Weights that never come.
        weights: new Promise(() => undefined),
        signal: controller.signal,
        onProgress: ({ stage }) => stages.push(stage),
      });
      controller.abort(reason);
      await expect(creating).rejects.toBe(reason);
      expect(stages).toEqual(['plan']);
      expect(backends.webgpu.memory()).toEqual(before);
    });

    test('when it is compiled: the program is let go of', async () => {
      const before = backends.webgpu.memory();
      const controller = new AbortController();
      const creating = v.Explainer.create({ model, preprocessing }, backends.webgpu, {
        methods,
        signal: controller.signal,
        onProgress: ({ stage }) => {
          if (stage === 'weights') controller.abort();
        },
      });
      await expect(creating).rejects.toMatchObject({ name: 'AbortError' });
      expect(backends.webgpu.memory()).toEqual(before);
    });

    test('between two batches: what follows is not run', async () => {
      const controller = new AbortController();
      // One run for each batch.
      const single = methods.filter(({ method }) => method.sampled === undefined);
      const explainer = await v.Explainer.create({ model, preprocessing }, backends.webgpu, {
        methods: single,
      });
      const ready = pictures(generator(), 3);
      const { runs } = backends.webgpu.statistics();
      const explaining = explainer.explain(
        ready,
        ready.map(() => [{ kind: 'rank', rank: 0 }]),
        {
          signal: controller.signal,
          onProgress: () => {
            controller.abort();
          },
        },
      );
      await expect(explaining).rejects.toMatchObject({ name: 'AbortError' });
      expect(backends.webgpu.statistics().runs).toBe(runs + 1);
      // The program is as good as before.
      const [found] = await explainer.explain([ready[2]], [[{ kind: 'rank', rank: 0 }]]);
      expect(found.maps).toHaveLength(single.length);
      explainer.dispose();
    });

    test('while the device is busy: nobody waits for it', async () => {
      const controller = new AbortController();
      const explainer = await v.Explainer.create({ model, preprocessing }, backends[oneBackend], { methods });
      const [ready] = pictures(generator(), 1);
      const explaining = explainer.explain([ready], [[{ kind: 'rank', rank: 0 }]], controller);
      controller.abort();
      await expect(explaining).rejects.toMatchObject({ name: 'AbortError' });
      explainer.dispose();
    });

    test('while the device never ends', async () => {
      const controller = new AbortController();
      const explainer = await v.Explainer.create({ model, preprocessing }, backends[oneBackend], { methods });
      const [ready] = pictures(generator(), 1);
      const run = jest.spyOn(v.Program.prototype, 'run').mockReturnValue(new Promise(() => undefined));
      try {
        const explaining = explainer.explain([ready], [[{ kind: 'rank', rank: 0 }]], controller);
        expect(run).toHaveBeenCalledTimes(1);
        controller.abort();
        await expect(explaining).rejects.toMatchObject({ name: 'AbortError' });
      } finally {
        run.mockRestore();
        explainer.dispose();
      }
    });
  });
});

test('a document tells all of it, and a map is drawn over its picture', async () => {
  const { model } = microModel();
  const backend = new v.ReferenceBackend();
  const given = { variant: 'signed', layers: [1, 1] };
  const methods = v.chooseMethods([v.rollout, v.gradientRollout], given, model.config);
  const explainer = await v.Explainer.create({ model, preprocessing }, backend, { methods });
  const picture = noise(generator());
  const ready = explainer.makeReady(picture);
  expect(ready).toEqual(v.makeReady(picture, v.preprocessingsOf(methods, preprocessing)));
  const [explained] = await explainer.explain([ready], [[{ kind: 'contrast', index: 2, against: 0 }]]);
  const about = {
    image: { width: picture.width, height: picture.height },
    model: { name: 'micro', weights: '/micro', sha256: '0' },
    device: { backend: backend.name, adapter: backend.adapter },
    timings: { load_ms: 1, compile_ms: 2, run_ms: 3, total_ms: 6 },
  };
  const labels = ['a', 'b', 'c, see', 'd', 'e'];
  const document = v.documentOf(explained, labels, about);
  expect(document).toMatchObject(about);
  expect(document.predictions.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4]);
  const { geometry } = explained.maps[0];
  expect(document.explanations.map(({ values, ...rest }) => ({ ...rest, values: values.length }))).toEqual([
    {
      geometry,
      method: 'rollout',
      class: null,
      options: { headFusion: 'mean', discardRatio: 0, layers: [1, 1] },
      grid: [4, 4],
      values: 16,
    },
    {
      geometry,
      method: 'gradient-rollout',
      class: 2,
      label: 'c',
      options: { variant: 'signed', layers: [1, 1], against: 0 },
      grid: [4, 4],
      values: 16,
    },
  ]);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  const [positive, signed] = explained.maps.map((map) => v.drawMap(picture, map));
  expect(positive).toMatchObject({ width: 48, height: 40 });
  const diverging = v.drawMap(picture, explained.maps[1], 'rdbu_r');
  expect(Buffer.from(signed.data).equals(diverging.data)).toBe(true);
});

test('a view is several maps with captions, and a document of all of them', async () => {
  const { model } = microModel();
  const backend = new v.ReferenceBackend();
  const methods = v.chooseMethods([v.tokenNorms, v.logitLens], {}, model.config);
  const explainer = await v.Explainer.create({ model, preprocessing }, backend, { methods, batch: 2 });
  const pictures = [noise(generator(1)), noise(generator(2))];
  const targets: v.ClassTarget[] = [{ kind: 'rank', rank: 0 }];
  const results = await explainer.explain(
    pictures.map((picture) => explainer.makeReady(picture)),
    pictures.map(() => targets),
  );
  const about = {
    image: { width: 48, height: 40 },
    model: { name: 'micro', weights: '/micro', sha256: '0' },
    device: { backend: backend.name, adapter: 'none' },
    timings: { load_ms: 1, compile_ms: 2, run_ms: 3, total_ms: 6 },
  };
  const blocks = ['block 0', 'block 1', 'block 2'].slice(0, model.config.depth);
  for (const [i, result] of results.entries()) {
    const document = v.documentOf(result, ['a', 'b', 'c', 'd', 'e'], about);
    const [norms, lens] = document.explanations;
    expect(norms).toMatchObject({ class: null, maps: blocks.length, captions: blocks, scale: 'per map' });
    expect(norms.values).toHaveLength(16 * blocks.length);
    expect(norms.readings).toBeUndefined();
    expect(lens.readings!.map(({ caption }) => caption)).toEqual(blocks);
    // At the last block it is what the model says.
    expect(lens.readings!.at(-1)!.predictions).toEqual(document.predictions);
    expect(lens.class).toBe(document.predictions[0].index);
    // Of features nobody can be told what they mean.
    const ofFeatures = { ...result, maps: [{ ...result.maps[1], target: { kind: 'norm' } as const }] };
    expect(v.documentOf(ofFeatures, [], about).explanations[0].readings).toBeUndefined();
    const [{ grid, values, geometry }] = result.maps;
    expect(geometry).toEqual(result.maps[1].geometry);
    expect(values).toHaveLength(grid[0] * grid[1] * blocks.length);
    const sheet = v.rasterise(v.sheetOfView(pictures[i], result.maps[0]));
    expect(areSame(v.drawMap(pictures[i], result.maps[0]), sheet)).toBe(true);
  }
  explainer.dispose();
});

describe('a stopwatch', () => {
  test('adds up the laps of each phase', async () => {
    const stopwatch = new v.Stopwatch<'load' | 'compile' | 'never'>();
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    await pause();
    stopwatch.lap('load');
    const first = stopwatch.of('load');
    stopwatch.lap('compile');
    await pause();
    stopwatch.lap('load');
    expect(first).toBeGreaterThan(0);
    expect(stopwatch.of('load')).toBeGreaterThan(first);
    expect(stopwatch.of('compile')).toBeGreaterThanOrEqual(0);
    expect(stopwatch.of('never')).toBe(0);
  });
});

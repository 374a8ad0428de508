import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { noisy, overlapping, shifted } from '../../src/pipeline/evaluation/altered.js';
import { Once } from '../../src/pipeline/evaluation/once.js';
import { microModel } from '../support/models.js';
import { generator, seed } from '../support/random.js';

const random = generator();
const { model } = microModel();
const [, height, width] = model.inputShape;
const { grid } = model.geometry;
const preprocessing: v.Preprocessing = {
  fit: 'squash',
  size: height,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};
const subject = { model, preprocessing };

const anyPicture = (): v.Picture => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * random())),
});
const ready = v.makeReady(anyPicture(), [preprocessing]);

const methodsOf = (names: string, score: v.Score = 'logit'): v.EvaluatedMethod[] =>
  v
    .chooseMethods(v.findMethods(names), {}, model.config)
    .map((chosen) => ({ name: `${chosen.method.name} ${score}`, chosen, score }));

/** The left part and the right part of the picture. */
const half = (isLeft: boolean): v.Mask => ({
  width,
  height,
  values: Array.from({ length: width * height }, (_, i) => Number(i % width < width / 2 === isLeft)),
});

/** What is found, by method; of one object. */
async function measured(
  methods: readonly v.EvaluatedMethod[],
  names: string,
  objects: v.EvaluatedPicture['objects'] = [{ class: 1 }],
): Promise<Map<string, Record<string, number>>> {
  const evaluation = new v.Evaluation(subject, new v.ReferenceBackend(), methods, v.findMeasures(names));
  const found = await evaluation.measure({ ready, objects, seed: 3 });
  await evaluation.dispose();
  return new Map(
    found.map(({ method, object, values }) => [`${method}${object === 0 ? '' : ` of ${object}`}`, values]),
  );
}

describe(`an evaluation (seed ${seed})`, () => {
  test('scores what the measures say of the maps that an explainer gives, for each object', async () => {
    const methods = [...methodsOf('rollout,chefer-iccv21'), ...methodsOf('handoff', 'log-probability')];
    const masks = [half(true), half(false)];
    const objects = [0, 1].map((i) => ({ class: 2 * i, masks: [masks[i]] }));
    const found = await measured(methods, 'localisation', objects);
    const targets = objects.map((object) => ({ kind: 'class', index: object.class }) as const);
    for (const score of ['logit', 'log-probability'] as const) {
      const own = methods.filter((method) => method.score === score).map(({ chosen }) => chosen);
      const explainer = await v.Explainer.create(subject, new v.ReferenceBackend(), {
        methods: own,
        targets: 2,
        score,
      });
      const [{ maps }] = await explainer.explain([ready], [targets]);
      explainer.dispose();
      for (const map of maps) {
        const object = map.target?.kind === 'class' ? map.target.index / 2 : 0;
        const saliency = v.saliency(map, { width, height });
        const values = found.get(`${map.method.name} ${score}${object === 0 ? '' : ' of 1'}`)!;
        expect(values['energy']).toBeCloseTo(v.energy(saliency, masks[object]), 12);
        const told = v.discrimination(saliency, masks[object], masks[1 - object]);
        if (told === undefined) expect(values).not.toHaveProperty('discrimination');
        else expect(values['discrimination']).toBeCloseTo(told, 12);
      }
    }
  });

  test('baselines stand beside all, and score what they must', async () => {
    const found = await measured(methodsOf('rollout'), 'localisation,faithfulness', [
      { class: 1, masks: [half(true)] },
    ]);
    expect([...found.keys()]).toEqual(['rollout logit', ...Object.keys(v.baselines)]);
    const uniform = found.get('uniform')!;
    expect(uniform['energy']).toBeCloseTo(0.5, 12);
    expect(uniform['lift']).toBeCloseTo(1, 12);
    expect(uniform['ap']).toBeCloseTo(0.5, 12);
    expect(uniform).toMatchObject({ pointing: 0, srg: 0, abpc: 0 });
  });

  test('curves are those of the class: as by a remover, map by map', async () => {
    const found = await measured(methodsOf('chefer-iccv21'), 'srg,deletion', [{ class: 2 }]);
    const [chosen] = methodsOf('chefer-iccv21').map((method) => method.chosen);
    const explainer = await v.Explainer.create(subject, new v.ReferenceBackend(), { methods: [chosen] });
    const [{ maps }] = await explainer.explain([ready], [[{ kind: 'class', index: 2 }]]);
    const plan = new v.RemovalPlan();
    const steps = plan.add(maps[0]);
    const remover = await v.Remover.create(subject, new v.ReferenceBackend(), {
      removed: 'patches',
      batch: 1,
    });
    const logits = await remover.run(ready[0].values, plan.states);
    const patches = v.curvesOf(
      steps,
      logits.map((one) => v.readClass(one, { index: 2 })),
    );
    for (const { name, of } of v.findMeasures('srg,deletion')) {
      expect(found.get('chefer-iccv21 logit')![name]).toBeCloseTo(of({ map: maps[0], patches })!, 6);
    }
    explainer.dispose();
    remover.dispose();
  });

  test('without a class the most probable one is explained', async () => {
    const evaluation = new v.Evaluation(
      subject,
      new v.ReferenceBackend(),
      methodsOf('rollout'),
      v.findMeasures('srg'),
    );
    const [{ class: found }] = await evaluation.measure({ ready, objects: [{ class: undefined }], seed: 0 });
    const remover = await v.Remover.create(subject, new v.ReferenceBackend(), {
      removed: 'patches',
      batch: 1,
    });
    const [logits] = await remover.run(ready[0].values, [new Uint8Array(grid[0] * grid[1])]);
    expect(found).toBe(logits.indexOf(Math.max(...logits)));
    await evaluation.dispose();
    remover.dispose();
  });

  test('a method of no class is called blind to it, one of a class is not; baselines do not change', async () => {
    const found = await measured(methodsOf('rollout,libra-ixg'), 'other-class,noise,agreement');
    expect(found.get('rollout logit')!['other-class']).toBeCloseTo(1, 12);
    expect(found.get('libra-ixg logit')!['other-class']).toBeLessThan(0.95);
    expect(found.get('random')).toMatchObject({ 'other-class': 1 });
    // What has no order has no likeness.
    expect(found.get('uniform')).toEqual({});
    expect(found.get('rollout logit')!['noise']).toBeGreaterThan(0.5);
    expect(found.get('rollout logit')!['agreement']).toBeCloseTo(
      found.get('libra-ixg logit')!['agreement'],
      12,
    );
  });

  test('of two objects, the other one is the other class', async () => {
    const both = await measured(methodsOf('libra-ixg'), 'other-class', [{ class: 1 }, { class: 3 }]);
    expect(both.get('libra-ixg logit')).toEqual(both.get('libra-ixg logit of 1'));
  });

  test('maps change when the weights are random, from the top down; those of baselines do not', async () => {
    const stages = v.stagesOf(model);
    expect(stages).toEqual(['head', 'blocks.1', 'blocks.0', 'embedding']);
    const methods = methodsOf('rollout,libra-ixg');
    const evaluation = new v.Evaluation(
      subject,
      new v.ReferenceBackend(),
      methods,
      v.findMeasures('randomized'),
    );
    const picture = { ready, objects: [{ class: 1 }], seed: 0 };
    const likeness = new Map<string, number[]>();
    for (const stage of ['head', 'embedding']) {
      const other = { model: await v.randomized(model, stage, 1), preprocessing };
      await evaluation.besideRandom(other, async (besides) => {
        for (const { method, values } of await besides(picture)) {
          likeness.set(method, [...(likeness.get(method) ?? []), values['randomized']]);
        }
      });
    }
    await evaluation.dispose();
    // Rollout does not look at the classifier.
    expect(likeness.get('rollout logit')![0]).toBeCloseTo(1, 12);
    expect(likeness.get('rollout logit')![1]).toBeLessThan(0.99);
    expect(likeness.get('libra-ixg logit')![1]).toBeLessThan(0.99);
    expect(likeness.get('centre')).toEqual([1, 1]);
  });
});

describe('models that have forgotten', () => {
  test('down to a stage each parameter has its own numbers in another order; below it, it has its own', async () => {
    const other = await v.randomized(model, 'blocks.1', 5);
    const own = new Map(model.namedParameters());
    for (const [name, parameter] of other.namedParameters()) {
      const [before, after] = await Promise.all([own.get(name)!.storage.read(), parameter.storage.read()]);
      const isLost = !/^(blocks\.0|patch_embed|cls_token|pos_embed)/.test(name);
      if (isLost) expect(after.toSorted()).toEqual(before.toSorted());
      if (isLost && new Set(before).size > 8) expect(after).not.toEqual(before);
      if (!isLost) expect(after).toEqual(before);
    }
  });

  test('the same seed forgets the same', async () => {
    const [a, b, c] = await Promise.all([5, 5, 6].map((one) => v.randomized(model, 'blocks.1', one)));
    const weights = ({ blocks }: v.VisionTransformer) => blocks[1].attn.qkv.weight.storage.values;
    expect(weights(a)).toEqual(weights(b));
    expect(weights(a)).not.toEqual(weights(c));
  });
});

describe('pictures that are hardly another one', () => {
  test('noise is small, and the same for the same seed', () => {
    const [first] = noisy(ready, 1);
    expect(noisy(ready, 1)[0].values).toEqual(first.values);
    expect(noisy(ready, 2)[0].values).not.toEqual(first.values);
    const squares = first.values.reduce((sum, value, i) => sum + (value - ready[0].values[i]) ** 2, 0);
    // 2 % of a range of nearly 2; of as many pixels as there are the deviation is known to a few percent.
    const deviation = Math.sqrt(squares / first.values.length);
    expect(deviation).toBeGreaterThan(0.03);
    expect(deviation).toBeLessThan(0.05);
  });

  test('moved by one patch: what was at x is at x + patch, and the first column goes on', () => {
    const [{ values }] = shifted(ready, grid);
    const patch = width / grid[1];
    for (const i of [0, width - 1, 5 * width + patch, values.length - 1]) {
      const x = i % width;
      expect(values[i]).toBe(ready[0].values[i - Math.min(x, patch)]);
    }
    expect(overlapping([1, 2, 3, 4, 5, 6], [0, 1, 2, 9, 4, 5], [2, 3])).toEqual([
      [1, 2, 4, 5],
      [1, 2, 4, 5],
    ]);
  });
});

test('what could not be made does not stand in the way of giving back the rest', async () => {
  const once = new Once<number>();
  await once.get('good', () => Promise.resolve(1));
  await expect(once.get('bad', () => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  expect(await once.all()).toEqual([1]);
});

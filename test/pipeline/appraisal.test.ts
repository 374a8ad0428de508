import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microModel } from '../support/models.js';
import { generator, seed } from '../support/random.js';

const random = generator();
const { model } = microModel();
const [, height, width] = model.inputShape;
const preprocessing: v.Preprocessing = {
  fit: 'squash',
  size: height,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};
const subject = { model, preprocessing };
const picture: v.Picture = {
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * random())),
};

async function appraised(names: string, targets: readonly v.ClassTarget[]) {
  const backend = new v.ReferenceBackend();
  const methods = v.chooseMethods(v.findMethods(names), {}, model.config);
  const explainer = await v.Explainer.create(subject, backend, {
    methods,
    targets: Math.max(1, targets.length),
  });
  const remover = await v.Remover.create(subject, backend, { removed: 'patches', batch: 5 });
  const ready = explainer.makeReady(picture);
  const [explained] = await explainer.explain([ready], [targets]);
  const found = await v.appraise(explained, ready, remover);
  const read = async (states: readonly Uint8Array[]) => remover.run(ready[0].values, states);
  return { explained, found, read, remover };
}

describe(`what becomes of a class (seed ${seed})`, () => {
  test('each map has its own scores, and those of a random and of a uniform map beside them', async () => {
    const { found, remover } = await appraised('rollout,chefer-iccv21', [
      { kind: 'class', index: 1 },
      { kind: 'class', index: 3 },
    ]);
    expect(found.maps.map(({ appraisal }) => appraisal?.class.index)).toEqual([1, 1, 3]);
    for (const { appraisal } of found.maps) {
      expect(Object.keys(appraisal!.scores).sort()).toEqual(['abpc', 'deletion', 'insertion', 'srg']);
      expect(appraisal!.uniform).toMatchObject({ srg: 0, abpc: 0 });
      expect(appraisal!.scores['abpc']).toBeCloseTo(
        appraisal!.scores['insertion'] - appraisal!.scores['deletion'],
        9,
      );
    }
    // Of one class, the same of what knows no map; of another class, not.
    const [first, second, third] = found.maps.map(({ appraisal }) => appraisal!);
    expect(first.random).toEqual(second.random);
    expect(first.random).not.toEqual(third.random);
    remover.dispose();
  });

  test('the tenth that is taken away is the warmest', async () => {
    const { found, explained, read, remover } = await appraised('chefer-iccv21', [
      { kind: 'class', index: 2 },
    ]);
    const { values } = explained.maps[0];
    const count = Math.round(values.length / 10);
    const { mostFirst } = v.ordersOf(values);
    const state = Uint8Array.from(values, (_, patch) => Number(mostFirst.indexOf(patch) < count));
    const [whole, without] = await read([new Uint8Array(values.length), state]);
    const { tenth } = found.maps[0].appraisal!;
    expect(tenth.whole).toBeCloseTo(v.readClass(whole, { index: 2 }).probability!, 9);
    expect(tenth.warmest).toBeCloseTo(v.readClass(without, { index: 2 }).probability!, 9);
    remover.dispose();
  });

  test('of no class, the most probable one is read; views are not measured', async () => {
    const { found, explained, remover } = await appraised('rollout,attention', []);
    const { logits } = explained;
    expect(found.maps[0].appraisal?.class).toEqual({ index: v.classOfRank(logits, 0) });
    expect(found.maps[1]).not.toHaveProperty('appraisal');
    remover.dispose();
  });

  test('of a contrast, the gain is of the difference', async () => {
    const { found, remover } = await appraised('chefer-iccv21', [{ kind: 'contrast', index: 0, against: 4 }]);
    expect(found.maps[0].appraisal?.class).toEqual({ index: 0, against: 4 });
    remover.dispose();
  });
});

describe('in one sentence', () => {
  const sentence = (whole: number, warmest: number, ofRandom: number): string =>
    v.inOneSentence(
      {
        class: { index: 0 },
        scores: {},
        random: {},
        uniform: {},
        tenth: { whole, warmest, random: ofRandom },
      },
      'tabby',
    );
  test.each([
    [
      [0.62, 0.09, 0.55],
      'lowers the probability of tabby from 62 % to 9 %; a random tenth brings it to 55 %',
    ],
    [[0.2, 0.3, 0.2], 'raises the probability of tabby from 20 % to 30 %; a random tenth leaves it at 20 %'],
    [[0.2, 0.2, 0.1], 'leaves the probability of tabby at 20 %; a random tenth brings it to 10 %'],
    [
      [0.99996, 0.002, 1e-9],
      'lowers the probability of tabby from more than 99.9 % to 0.2 %; a random tenth brings it to less than 0.1 %',
    ],
    [[1, 0, 0.997], 'lowers the probability of tabby from 100 % to 0 %; a random tenth brings it to 99.7 %'],
  ] as const)('%j', ([whole, warmest, ofRandom], expected) => {
    expect(sentence(whole, warmest, ofRandom)).toBe(`taking away the warmest tenth ${expected}`);
  });
});

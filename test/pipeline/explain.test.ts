import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microModel } from '../support/models.js';
import { generator, randomValues } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

describe('explain', () => {
  const { model } = microModel();
  const labels = ['cat, house cat', 'dog', 'bird', 'plane', 'boat'];
  const loaded = { model, preprocessing: v.scenesPreprocessing(32), labels };
  const data = Uint8Array.from(randomValues(3 * 40 * 36, generator(), 0, 256));
  const picture = { width: 40, height: 36, data };
  const backend = new v.ReferenceBackend();

  test('gives what an explainer gives, by names or values, and leaves nothing on the device', async () => {
    const found = await v.explain(loaded, picture, {
      backend,
      methods: ['libra-signed,chefer', v.rollout],
      options: { layers: [1, 1] },
      targets: ['house cat', 'dog..plane', { kind: 'rank', rank: 1 }],
      score: 'log-probability',
    });
    const methods = v.chooseMethods(
      [v.findMethod('libra-signed'), v.cheferIccv21, v.rollout],
      { layers: [1, 1] },
      model.config,
    );
    const explainer = await v.Explainer.create(loaded, backend, {
      methods,
      targets: 3,
      ranks: 2,
      score: 'log-probability',
    });
    const targets: v.ClassTarget[] = [
      { kind: 'class', index: 0 },
      { kind: 'contrast', index: 1, against: 3 },
      { kind: 'rank', rank: 1 },
    ];
    const [expected] = await explainer.explain([explainer.makeReady(picture)], [targets]);
    explainer.dispose();
    // A method under other rules is made anew for each who asks.
    const told = ({ method, ...map }: v.ComputedMap) => ({ ...map, method: method.name });
    expect(found.logits).toEqual(expected.logits);
    expect(found.maps.map(told)).toEqual(expected.maps.map(told));
    expect(found.maps).toHaveLength(7);
    expect(backend.memory().bytes).toBe(0);
  });

  test('asked nothing in particular, recommends a map of the most probable class', async () => {
    const { logits, maps } = await v.explain(loaded, picture, { backend });
    const best = logits.indexOf(Math.max(...logits));
    expect(maps.map(({ method, target }) => [method.name, target])).toEqual([
      ['recommended', { kind: 'class', index: best }],
    ]);
    const [byPass] = (await v.explain(loaded, picture, { backend, methods: [v.scoreMap] })).maps;
    expect(byPass.target).toBeUndefined();
  });

  test('of a model without classes, its features', async () => {
    const { model: bare } = zooModel(zooFixtures, 'dino_nohead');
    const [height, width] = bare.inputShape.slice(1);
    const subject = {
      model: bare,
      preprocessing: { ...v.scenesPreprocessing(32), size: [height, width] as const },
    };
    const given = { ...subject, output: 'features' as const };
    const { maps } = await v.explain(given, picture, {
      backend,
      targets: [{ kind: 'feature', index: 2 }, { kind: 'norm' }],
    });
    expect(maps.map(({ target }) => target)).toEqual([{ kind: 'feature', index: 2 }, { kind: 'norm' }]);
    await expect(v.explain(given, picture, { backend, targets: ['tabby'] })).rejects.toThrow(
      /^This model has no classes, and so none called "tabby"; give \{ kind: 'feature', index \}/,
    );
  });

  test.each<[object, RegExp]>([
    [{ methods: ['lime'] }, /^There is no method "lime"/],
    [{ methods: [3] }, /^explain: the question: methods is \[3\]; expected a list of methods or their names/],
    [{ targets: [] }, /targets is \[\]; expected a list of targets/],
    [{ targets: ['zebra'] }, /^No class is called "zebra"/],
    [{ target: 'dog' }, /^explain: there is no option "target"; there is methods, targets, options, backend/],
    [{ options: { ratio: 1 } }, /^ratio is no option of recommended/],
    [{ backend: 'native' }, /^explain: the backend is "native"; expected a backend/],
  ])('refuses %j in one sentence', async (question, sentence) => {
    await expect(v.explain(loaded, picture, { backend, ...question })).rejects.toThrow(sentence);
    expect(backend.memory().bytes).toBe(0);
  });
});

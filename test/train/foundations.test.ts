import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { completed, VisionTransformer } from '../../src/models/index.js';
import { checkedRecipe, inSteps, Learner, preprocessingOf, tuningPreset } from '../../src/train/index.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const names = readdirSync(zooFixtures).flatMap(
  (file) => /^(\w+)\.golden\.safetensors$/.exec(file)?.[1] ?? [],
);

describe('a training begins with a model of any kind', () => {
  test.each(names)('%s', (name) => {
    const { config } = zooModel(zooFixtures, name).model;
    const model: Record<string, unknown> = { ...completed(config) };
    delete model['classes'];
    const given = { preset: tuningPreset, name, data: { set: 'pictures' }, from: name, model };
    const recipe = checkedRecipe(given, 'command line');
    const learner = Learner.of(inSteps(recipe, 100, 'command line'), 3);
    expect(completed(learner.model.config)).toEqual({ ...completed(config), classes: 3 });
    expect(preprocessingOf(recipe).mean).toHaveLength(config.channels);
    const parameters = (of: VisionTransformer) =>
      [...of.namedParameters()].map(([at, { shape }]) => (at.startsWith('head') ? [at] : [at, shape]));
    expect(parameters(learner.model)).toEqual(parameters(new VisionTransformer({ ...config, classes: 3 })));
  });
});

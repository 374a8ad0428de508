import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { demoModel, UsageError } from '../../src/index.js';
import { learningRateAt, parseTrainConfig, type TrainConfig } from '../../src/train/index.js';
import { sentenceOf } from '../cli/command.js';

function recipe(part: string): string {
  return readFileSync(new URL(`../../recipes/scenes/${part}.json`, import.meta.url), 'utf8');
}
const good = JSON.parse(recipe('further')) as TrainConfig;

describe('a configuration', () => {
  test.each(['config', 'longer', 'redrawn', 'further'])(
    'of the recipe makes the model that ships: %s',
    (part) => {
      const text = recipe(part);
      const config = parseTrainConfig(text, part);
      const written = JSON.parse(text) as { data: object };
      // What may be left out is said by its default.
      expect(config).toEqual({ ...written, data: { redraw: false, ...written.data } });
      expect(demoModel.config).toMatchObject(config.model);
      expect(demoModel.name).toBe(config.name);
    },
  );

  test.each([
    ['no JSON', '{"name": ', /is no JSON: /],
    ['a list', '[]', /lacks "name"/],
    ['an unknown setting', { ...good, batchsize: 3 }, /has a setting "batchsize", which is not known/],
    [
      'an unknown size',
      { ...good, model: { ...good.model, head: 3 } },
      /setting "model\.head", which is not known/,
    ],
    ['a missing setting', { ...good, steps: undefined }, /lacks "steps"/],
    ['half a step', { ...good, steps: 1.5 }, /has 1\.5 for "steps"; expected a whole number\.$/],
    ['three betas', { ...good, betas: [0.9, 0.9, 0.9] }, /for "betas\.2"; expected no further value\.$/],
    ['no image', { ...good, batch: 0 }, /has 0 for "batch"; expected >=1/],
    ['a number as text', { ...good, seed: '1' }, /has "1" for "seed"; expected number/],
    ['a rate of nothing', { ...good, learningRate: 0 }, /has 0 for "learningRate"; expected >0/],
    ['a share of all', { ...good, dropPath: 1 }, /has 1 for "dropPath"; expected <1/],
    [
      'another vendor',
      { ...good, data: { ...good.data, vendors: ['apple'] } },
      /has "apple" for "data\.vendors\.0"/,
    ],
    ['no vendor', { ...good, data: { ...good.data, vendors: [] } }, /"data\.vendors"/],
    ['a name with a slash', { ...good, name: 'a/b' }, /"name"; expected letters, digits/],
    [
      'heads that do not divide the width',
      { ...good, model: { ...good.model, heads: 5 } },
      /has 5 heads, which do not divide the width of 128/,
    ],
    [
      'patches that do not divide the image',
      { ...good, model: { ...good.model, patchSize: 7 } },
      /has patches of 7 pixels, which do not divide an image of 72/,
    ],
    [
      'warming up for ever',
      { ...good, warmup: good.steps },
      /warms up for \d+ of \d+ steps; warm up for fewer/,
    ],
  ])('with %s is refused in one sentence', (_, given, message) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const parse = (): unknown => parseTrainConfig(text, 'my.json');
    expect(parse).toThrow(message);
    expect(parse).toThrow(UsageError);
    try {
      parse();
    } catch (error) {
      expect(sentenceOf(`vitrine: ${(error as Error).message}`)).toContain('The configuration "my.json"');
    }
  });
});

test('a byte-order mark at the beginning is no fault', () => {
  expect(parseTrainConfig(`\ufeff${recipe('config')}`, 'config')).toEqual(
    parseTrainConfig(recipe('config'), 'config'),
  );
});

test('the learning rate rises in a straight line and falls along a cosine', () => {
  const config = { ...good, steps: 110, warmup: 10, learningRate: 1, finalLearningRate: 0.2 };
  expect([0, 4, 9].map((step) => learningRateAt(step, config))).toEqual([0.1, 0.5, 1]);
  expect(learningRateAt(10, config)).toBe(1);
  expect(learningRateAt(60, config)).toBeCloseTo(0.6);
  expect(learningRateAt(109, config)).toBeCloseTo(0.2, 3);
});

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
      const none = { mapsEvery: 0, mixup: 0, cutmix: 0, augment: { shift: 0, flip: 0, erase: 0 } };
      const defaults = { accumulate: 1, average: 0, layerDecay: 1, freeze: [], ...none };
      expect(config).toEqual({ ...defaults, ...written, data: { redraw: false, ...written.data } });
      expect(demoModel.config).toMatchObject(config.model);
      expect(demoModel.name).toBe(config.name);
    },
  );

  test.each([
    ['no JSON', '{"name": ', /is no JSON: it ends too early\.$/],
    ['a comma too many', '{"name": "a",\n}', /is no JSON: in line 2, column 1, there should be a name in/],
    ['a list', '[]', /holds a list; expected settings in braces, \{ \.\.\. \}\.$/],
    ['a number', '3', /holds 3; expected settings in braces/],
    ['a list of sizes', { ...good, model: [72, 8] }, /has a list for "model"; expected settings in braces/],
    ['no sizes', { ...good, model: null }, /has null for "model"; expected settings in braces/],
    ['an unknown setting', { ...good, batchsize: 3 }, /has a setting "batchsize", which is not known\.$/],
    [
      'a misspelt setting',
      { ...good, batch: undefined, batchsize: 3 },
      /has a setting "batchsize", which is not known, and lacks "batch"\.$/,
    ],
    [
      'an unknown size',
      { ...good, model: { ...good.model, head: 3 } },
      /setting "model\.head", which is not known\.$/,
    ],
    ['a missing setting', { ...good, steps: undefined }, /lacks "steps", or "epochs"\.$/],
    [
      'half a step',
      { ...good, steps: 1.5 },
      /has 1\.5 for "steps"; expected a whole number from 1 to 2147483647\.$/,
    ],
    [
      'too many to count',
      { ...good, model: { ...good.model, hidden: 1e15 } },
      /has 1000000000000000 for "model\.hidden"; expected a whole number from 1 to 2147483647\.$/,
    ],
    [
      'infinitely many',
      JSON.stringify(good).replace(/"batch":\d+/, '"batch":1e999'),
      /has a number that is too large for "batch"; expected a whole number/,
    ],
    [
      'three betas',
      { ...good, betas: [0.9, 0.9, 0.9] },
      /has 0\.9 for "betas\.2"; expected no further value\.$/,
    ],
    ['one beta', { ...good, betas: [0.9] }, /lacks "betas\.1"\.$/],
    [
      'a beta alone',
      { ...good, betas: 0.9 },
      /has 0\.9 for "betas"; expected two numbers in brackets, \[ \.\.\. \]\.$/,
    ],
    [
      'a beta of words',
      { ...good, betas: ['a', 0.9] },
      /has "a" for "betas\.0"; expected a number from 0 up to, but not including, 1\.$/,
    ],
    ['no image', { ...good, batch: 0 }, /has 0 for "batch"; expected a whole number from 1 to/],
    ['a number as text', { ...good, seed: '1' }, /has "1" for "seed"; expected a whole number from 0 to/],
    [
      'a rate of nothing',
      { ...good, learningRate: 0 },
      /has 0 for "learningRate"; expected a number above 0\.$/,
    ],
    [
      'less than no decay',
      { ...good, weightDecay: -1 },
      /has -1 for "weightDecay"; expected a number of at least 0\.$/,
    ],
    [
      'a share of all',
      { ...good, dropPath: 1 },
      /has 1 for "dropPath"; expected a number from 0 up to, but not/,
    ],
    [
      'another vendor',
      { ...good, data: { ...good.data, vendors: ['apple'] } },
      /has "apple" for "data\.vendors\.0"; expected one of: google, twitter, /,
    ],
    [
      'no vendor',
      { ...good, data: { ...good.data, vendors: [] } },
      /has a list for "data\.vendors"; expected at least one vendor\.$/,
    ],
    [
      'a vendor alone',
      { ...good, data: { ...good.data, vendors: 'google' } },
      /has "google" for "data\.vendors"; expected a list of vendors in brackets/,
    ],
    [
      'other data',
      { ...good, data: { ...good.data, set: 'photos' } },
      /has a setting "data\.packages", which is not known\.$/,
    ],
    [
      'a word for yes',
      { ...good, data: { ...good.data, restyle: 'yes' } },
      /has "yes" for "data\.restyle"; expected true or false\.$/,
    ],
    ['no path', { ...good, initial: 3 }, /has 3 for "initial"; expected a text in double quotes\.$/],
    ['a name with a slash', { ...good, name: 'a/b' }, /has "a\/b" for "name"; expected letters, digits/],
    [
      'a very long name',
      { ...good, name: '/'.repeat(1e6) },
      /has "\/{58}… for "name"; expected letters, digits/,
    ],
    [
      'images that are kept for validation',
      { ...good, steps: 2 ** 26 },
      /trains for 67108864 steps of 32 images, but images from the 1073741824th on are kept for validation; train for fewer steps\.$/,
    ],
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
      const sentence = sentenceOf(`vitrine: ${(error as Error).message}`);
      expect(sentence).toContain('The configuration "my.json"');
      // The library's own words.
      expect(sentence).not.toMatch(/Invalid|Expected|received|Object|Array|never|undefined|NaN/);
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

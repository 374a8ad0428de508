import { describe, expect, test } from '@jest/globals';
import { scenesPreprocessing, UsageError } from '../../src/index.js';
import { checkedRecipe, inSteps, parseTrainConfig, presetNames, presets } from '../../src/train/index.js';
import { tinyTraining } from '../support/train-config.js';

const preprocessing = scenesPreprocessing(32);
const { model } = presets.small.settings;
const pictures = { name: 'a', data: { set: 'pictures' } };

describe('a preset', () => {
  // Fine-tuning has the model that it begins with.
  test.each(presetNames.filter((name) => name !== 'fine-tuning'))('%s is whole', (preset) => {
    const recipe = checkedRecipe({ ...pictures, preset }, 'config.json');
    expect(recipe).toMatchObject({ epochs: presets[preset].settings.epochs });
    expect(inSteps(recipe, 50_000, 'config.json').steps).toBeGreaterThan(recipe.epochs!);
  });

  test('is changed setting by setting', () => {
    const model = { depth: 2 };
    const recipe = checkedRecipe({ ...pictures, preset: 'medium', model, augment: { flip: 0 } }, 'a');
    expect(recipe.model).toEqual({ ...presets.medium.settings.model, depth: 2 });
    expect(recipe.augment).toMatchObject({ flip: 0, policy: 'trivial-augment', crop: { scale: [0.35, 1] } });
    const changed = checkedRecipe({ ...pictures, preset: 'medium', mixup: 1 }, 'a', { preset: 'small' });
    expect(changed).toMatchObject({ mixup: 1, cutmix: 0, model: presets.small.settings.model });
  });

  test('in epochs gives none of its lengths to what is counted in steps', () => {
    const recipe = checkedRecipe({ ...pictures, preset: 'medium', steps: 900 }, 'a');
    expect(recipe).toMatchObject({ steps: 900, warmup: 0 });
    expect(inSteps(recipe, 1000, 'a')).toMatchObject({ steps: 900, warmup: 0, checkpointEvery: 500 });
  });

  test('warms up for its share of other epochs, if nobody says for how many', () => {
    const short = checkedRecipe({ ...pictures, preset: 'medium' }, 'a', { epochs: 1 });
    // 5 of 60 epochs; an epoch is 79 steps of 128.
    expect(inSteps(short, 10_000, 'a')).toMatchObject({ steps: 79, warmup: 7 });
    const said = checkedRecipe({ ...pictures, preset: 'medium', epochs: 30, warmup: 4 }, 'a');
    expect(said).toMatchObject({ epochs: 30, warmup: 4 });
  });

  test('changes no scene', () => {
    const recipe = checkedRecipe({ name: 'a', preset: 'medium', data: { set: 'scenes' } }, 'a');
    expect(recipe).toMatchObject({ cutmix: 0, augment: { flip: 0 } });
    expect(inSteps(recipe, Infinity, 'a').steps).toBe(Math.ceil((60 * 10_000) / 128));
  });

  test('that is published has the values that were', () => {
    expect(checkedRecipe({ ...pictures, preset: 'deit-2021' }, 'a')).toMatchObject({ clip: 0 });
    expect(checkedRecipe({ ...pictures, preset: 'torchvision-2021' }, 'a')).toMatchObject({
      clip: 0,
      epochs: 600,
      warmup: 5,
      batch: 1024,
      labelSmoothing: 0.1,
      mixup: 0.2,
      cutmix: 1,
      augment: {
        crop: { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
        flip: 0.5,
        policy: 'trivial-augment',
        erase: 0.1,
      },
    });
  });
});

describe('lengths in epochs', () => {
  test('become steps once it is known how many pictures there are', () => {
    const lengths = { epochs: 6, warmup: 2, ramp: 1, checkpointEvery: 3, steps: undefined, ...pictures };
    const recipe = checkedRecipe({ ...tinyTraining, patchLabels: 0, ...lengths }, 'a');
    expect(inSteps(recipe, 10, 'a')).toMatchObject({ steps: 15, warmup: 5, ramp: 3, checkpointEvery: 8 });
  });
});

describe('a recipe is refused in one sentence', () => {
  test.each([
    [
      { preset: 'big' },
      /names the preset "big"; there is small, medium, fine-tuning, torchvision-2021, deit-2021\.$/,
    ],
    [{ preset: 3 }, /names the preset 3; there is small/],
    [{ steps: 3, epochs: 3 }, /has both "steps" and "epochs"; leave out one of them\.$/],
    [{ patchLabels: 1 }, /asks for "patchLabels", and nobody knows what each patch of these pictures shows/],
    [{ data: { set: 'scenes' }, mixup: 1 }, /asks for "mixup", but no scene is seen twice: leave it out/],
    [{ data: { set: 'scenes' }, augment: { flip: 0.5 } }, /asks for "augment", but no scene is seen twice/],
    [{ augment: { policy: 'auto' } }, /has "auto" for "augment\.policy"; expected "trivial-augment", or/],
    [
      { augment: { policy: { magnitude: 31 } } },
      /"augment\.policy\.magnitude"; expected a whole number from 0/,
    ],
    [{ augment: { crop: { scale: [1, 0.1] } } }, /"augment\.crop\.scale"; expected two numbers, the smaller/],
    [{ augment: { flip: 2 } }, /has 2 for "augment\.flip"; expected a number from 0 to 1\.$/],
    [{ augment: { blur: 1 } }, /has a setting "augment\.blur", which is not known\.$/],
    [
      { data: { set: 'pictures', testShare: 1 } },
      /has 1 for "data\.testShare"; expected a number from 0 up to/,
    ],
    [{ data: 'pictures' }, /has "pictures" for "data"; expected settings in braces/],
    [
      { preprocessing: { ...preprocessing, size: 40 } },
      /has a preprocessing to 40 pixels, and a model of 32; give both the same\.$/,
    ],
    [
      { preprocessing: { ...preprocessing, mean: [0.5], std: [0.5] } },
      /has 1 number for the "mean" and "std" of "preprocessing"; give 3, for red, green and blue\.$/,
    ],
    [
      { preprocessing, model: { ...model, channels: 1 } },
      /has 3 numbers for the "mean" and "std" of "preprocessing"; give 1, for brightness\.$/,
    ],
    [
      { model: { ...model, imageSize: [32, 48] }, preprocessing },
      /has a preprocessing to 32 pixels, and a model of 32x48; give both the same\.$/,
    ],
    [
      { model: { ...model, imageSize: [32, 48], patchSize: [8, 9] } },
      /has patches of 8x9 pixels, which do not divide an image of 32x48; change one of them\.$/,
    ],
    [
      { model: { ...model, imageSize: [32, 48, 3] } },
      /has a list for "model\.imageSize"; expected a whole number from 1, or two in brackets, \[height, width\]\.$/,
    ],
    [
      { model: { ...model, channels: 2 } },
      /has 2 for "model\.channels"; expected 1, for brightness alone, or 3/,
    ],
    ...[{ patchSize: [8, 16] }, { imageSize: [32, 64] }, { channels: 1 }].map((changes): [object, RegExp] => [
      { data: { set: 'scenes' }, model: { ...model, ...changes } },
      /learns from scenes, which are squares in colour; give the model such input and patches\.$/,
    ]),
    [{ from: 'a', initial: 'b' }, /begins with both "from" and "initial"; leave out one of them\.$/],
    [{ mixup: -1 }, /has -1 for "mixup"; expected a number of at least 0\.$/],
  ])('%j', (changes, message) => {
    const text = JSON.stringify({ preset: 'small', ...pictures, ...changes });
    expect(() => parseTrainConfig(text, 'my.json')).toThrow(UsageError);
    expect(() => parseTrainConfig(text, 'my.json')).toThrow(message);
  });
});

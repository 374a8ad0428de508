import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { modelOfCheckpoint } from '../../src/models/of-checkpoint.js';
import { aboutOwn as about, ownConfig as config } from '../support/own-model.js';

describe('what a file says itself of its model', () => {
  const described = (said: string) => v.describeOwn({ vitrine: said }, 'own.safetensors');

  test('is what was written', () => {
    const metadata = v.ownMetadata({ ...about, config });
    expect(Object.keys(metadata)).toEqual(['vitrine']);
    expect(v.describeOwn(metadata, 'own.safetensors')).toEqual({
      ...about,
      config,
      trainedSize: [24, 40],
      output: 'classes',
    });
  });

  test('may leave names out, and without classes there are features', () => {
    const { name, preprocessing } = about;
    const metadata = v.ownMetadata({ name, preprocessing, config: { ...config, classes: 0 } });
    const found = v.describeOwn(metadata, 'own');
    expect(found).toMatchObject({ output: 'features' });
    expect(found!.labels).toBeUndefined();
  });

  const sizes = { imageSize: 24, patchSize: 8, width: 18, depth: 1, heads: 3, hidden: 20 };
  const training = { name: 'small', model: sizes, data: { set: 'scenes' }, batch: 4 };

  test('was less before: sizes of a model that was trained on scenes', () => {
    expect(v.describeOwn({ step: '3', config: JSON.stringify(training) }, 'older')).toEqual({
      name: 'small',
      config: { ...sizes, channels: 3, classes: 16, layerNormEpsilon: 1e-6 },
      preprocessing: v.scenesPreprocessing(24),
      labels: v.sceneLabels,
      trainedSize: 24,
      output: 'classes',
    });
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['nothing', {}],
    ['what others write', { format: 'pt' }],
    ['no JSON', { config: '{' }],
    ['a training on something else', { config: JSON.stringify({ ...training, data: { set: 'photos' } }) }],
    [
      'of a model that has more',
      { config: JSON.stringify({ ...training, model: { ...sizes, classes: 2 } }) },
    ],
  ])('is nothing where it says %s', (_what, metadata) => {
    expect(v.describeOwn(metadata, 'own')).toBeUndefined();
  });

  test.each([
    ['{"name": ', /^"own\.safetensors" says of itself what cannot be: it ends too early\.$/],
    ['[]', /^"own\.safetensors" says of itself what cannot be: "(vitrine|name)" is missing, or not known\.$/],
    ['3', /^"own\.safetensors" says of itself what cannot be: "vitrine" is missing, or not known\.$/],
    ['{"name": "x"}', /"model" is missing, or not known\.$/],
    [{ name: 3 }, /"name" is missing, or not known\.$/],
    [{ more: 1 }, /"more" is missing, or not known\.$/],
    [{ preprocessing: undefined }, /"preprocessing" is missing, or not known\.$/],
    [{ model: { ...config, heads: 'four' } }, /heads is "four"; expected a whole number of at least 1\.$/],
    [{ model: { ...config, flavour: 1 } }, /there is no option "flavour"; there is imageSize, /],
    [{ model: { ...config, registers: null } }, /registers is null/],
    [{ model: { ...config, depth: 1025 } }, /depth is 1025; expected a whole number from 0 to 1024\.$/],
    [{ preprocessing: { ...about.preprocessing, fit: 'stretch' } }, /A model: the preprocessing: fit is "stretch"; expected one of: crop/],
    [{ labels: ['one'] }, /number of names of classes is 1; expected one for each of 3 classes\.$/],
    [{ labels: [1, 2, 3] }, /"labels.0" is missing, or not known\.$/],
  ])('is refused where it is %j', (changes, message) => {
    const said =
      typeof changes === 'string'
        ? changes
        : JSON.stringify({ name: 'x', model: config, preprocessing: about.preprocessing, ...changes });
    expect(() => described(said)).toThrow(v.WeightsError);
    expect(() => described(said)).toThrow(message);
  }); // prettier-ignore

  test('is not written without numbers', () => {
    expect(() => v.writeModel(new v.VisionTransformer(config), about)).toThrow(
      new v.WeightsError('writeModel: "cls_token" has no numbers here; assign some, or read them back.'),
    );
  });
});

describe('a model that nothing tells of but its numbers', () => {
  const concluded = (changes: Partial<v.VisionTransformerConfig>, dialect?: string) => {
    const model = new v.VisionTransformer({ ...config, imageSize: 16, width: 128, heads: 2, ...changes });
    const tensors = [...model.namedParameters()].map(([name, { shape }]): [string, v.CheckpointTensor] => [
      name,
      { dtype: 'F32', shape, read: () => Promise.reject(new Error('not read')) },
    ]);
    return modelOfCheckpoint({ tensors: new Map(tensors), dialect }, 'mine', 'mine.pth');
  };
  const assumed = [
    '2 heads of the usual width of 64',
    'pictures of 16 x 16 pixels, as the positions are 2 x 2',
    'the activation gelu',
    '0.000001 as the epsilon of norms',
  ];

  test('has no names of classes, and pictures as of ImageNet', () => {
    expect(concluded({ channels: 3 })).toMatchObject({
      name: 'mine',
      output: 'classes',
      preprocessing: { fit: 'crop', shortSide: 18, size: [16, 16], mean: [0.485, 0.456, 0.406] },
      licence: 'unknown',
      concluded: [...assumed, 'pictures made ready as for ImageNet'],
    });
    expect(concluded({ channels: 3 }).labels).toBeUndefined();
  });

  test('of a thousand classes those of ImageNet; it is said whose names its tensors have', () => {
    const found = concluded({ channels: 3, classes: 1000 }, 'timm');
    expect(found.labels).toBe(v.imagenetLabels);
    expect(found.concluded).toEqual([
      'names of timm',
      ...assumed,
      "ImageNet's classes, as there are 1000",
      'pictures made ready as for ImageNet',
    ]);
  });

  test('sees luminance where there is one channel, and has features without a classifier', () => {
    const found = concluded({ channels: 1, classes: 0 });
    expect(found).toMatchObject({ output: 'features', preprocessing: { mean: [0.5], std: [0.5] } });
  });

  test('has the activation of CLIP under names of CLIP', () => {
    expect(concluded({}, 'OpenAI CLIP or OpenCLIP').config.mlp).toBe('quick-gelu');
    expect(concluded({}, 'DINOv2').config.mlp).toBe('gelu');
  });

  // As ViT-tiny and DeiT-tiny, which have 12 blocks.
  test.each([
    [{ width: 192, depth: 12, heads: 3 }, 3, '3 heads, as other models of 12 blocks of width 192'],
    [{ width: 192, depth: 11, heads: 3 }, 3, '3 heads of the usual width of 64'],
  ])('has as many heads as others of its sizes: %j', (changes, heads, phrase) => {
    const found = concluded(changes);
    expect(found.config.heads).toBe(heads);
    expect(found.concluded[0]).toBe(phrase);
  });
});

test('the numbers that a model learns', () => {
  // Worked out by hand, of width 4: tokens and positions 4 + 4 * 5, patches 4 * 3 * 64 + 4, last norm 8, classifier 3 * 4 + 3;
  // each block two norms of 8, attention 4 * 12 + 12 + 16 + 4, MLP 4 * 6 + 6 + 6 * 4 + 4.
  const ends = 4 + 20 + 768 + 4 + 8 + 15;
  const block = 16 + 80 + 58;
  const small = { ...config, imageSize: 16, channels: 3, width: 4, heads: 2, hidden: 6 };
  for (const depth of [0, 1, 7]) expect(v.parameterCount({ ...small, depth })).toBe(ends + depth * block);
});

test('which licences forbid commerce', () => {
  expect(['cc-by-nc-4.0', 'apple-amlr', 'apache-2.0', 'mit', 'unknown'].map(v.forbidsCommerce)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

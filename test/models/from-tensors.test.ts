import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { VisionTransformer, WeightsError } from '../../src/index.js';
import { recognise, type TensorShapes } from '../../src/models/configuration/from-tensors.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const names = readdirSync(zooFixtures)
  .filter((file) => file.endsWith('.golden.safetensors'))
  .map((file) => file.replace('.golden.safetensors', ''));

/** What no shape tells, or not of these small models: oblong grids, and a mean of all tokens. */
const oblong = ['vit_patch_oblong', 'siglip_map'];

describe('a vision transformer recognised by its tensors', () => {
  test.each(names.filter((name) => !oblong.includes(name)))('%s', (name) => {
    const { model } = zooModel(zooFixtures, name);
    const { heads, mlp, layerNormEpsilon } = model.config;
    const activation = mlp === 'quick-gelu' ? mlp : 'gelu';
    const { config, assumed } = recognise(new Map(model.namedParameters()), name, {
      headsOf: (width, depth) =>
        width === model.config.width && depth === model.config.depth ? heads : undefined,
      activation,
    });
    expect(new VisionTransformer(config).config).toEqual({
      ...model.config,
      distillationHead: model.config.distillationToken,
    });
    expect(assumed).toContain(`${layerNormEpsilon} as the epsilon of norms`);
  });

  const shapes = (changes: Readonly<Record<string, readonly number[] | undefined>> = {}): TensorShapes =>
    new Map(
      Object.entries<readonly number[] | undefined>({
        cls_token: [1, 1, 128],
        pos_embed: [1, 50, 128],
        'patch_embed.proj.weight': [128, 3, 16, 16],
        'blocks.0.norm1.bias': [128],
        'blocks.0.mlp.fc1.weight': [512, 128],
        'blocks.0.mlp.fc2.weight': [128, 512],
        'blocks.1.mlp.fc2.weight': [128, 512],
        'norm.weight': [128],
        'head.weight': [10, 128],
        ...changes,
      }).flatMap(([name, shape]) => (shape === undefined ? [] : [[name, { shape }] as const])),
    );

  test('heads have the usual width where nothing else is known, and it is said', () => {
    const { config, assumed } = recognise(shapes(), 'a.pth');
    expect(config).toMatchObject({
      heads: 2,
      depth: 2,
      classes: 10,
      imageSize: [112, 112],
      pooling: 'token',
    });
    expect(assumed).toEqual([
      '2 heads of the usual width of 64',
      'pictures of 112 x 112 pixels, as the positions are 7 x 7',
      'the activation gelu',
      '0.000001 as the epsilon of norms',
    ]);
  });

  test('a classifier of two features for each number of a token sees class token and mean', () => {
    const { config } = recognise(shapes({ 'head.weight': [10, 256] }), 'a.pth');
    expect(config.pooling).toBe('token-avg');
  });

  test.each([
    [{ 'patch_embed.proj.weight': undefined }, /there is no tensor "patch_embed.proj.weight"/],
    [{ 'patch_embed.proj.weight': [128, 3, 16] }, /"patch_embed.proj.weight" has the shape \[128, 3, 16\]/],
    [{ pos_embed: [1, 48, 128] }, /48 positions are those of no square grid/],
    [
      {
        'blocks.0.mlp.fc2.weight': undefined,
        'blocks.1.mlp.fc2.weight': undefined,
        'blocks.0.norm1.bias': undefined,
        'blocks.0.mlp.fc1.weight': undefined,
      },
      /there are no blocks/,
    ],
    [{ 'patch_embed.proj.weight': [100, 3, 16, 16] }, /its heads cannot be told from a width of 100/],
  ])('what cannot be told is said: %j', (changes, message) => {
    expect(() => recognise(shapes(changes), 'a.pth')).toThrow(WeightsError);
    expect(() => recognise(shapes(changes), 'a.pth')).toThrow(message);
    expect(() => recognise(shapes(changes), 'a.pth')).toThrow(
      /^"a.pth" is not .*; put a config.json beside it/,
    );
  });
});

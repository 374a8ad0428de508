import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { VisionTransformer, WeightsError, type VisionTransformerConfig } from '../../src/index.js';
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

  const registers = { reg_token: [1, 4, 128] };
  test.each<[string, Parameters<typeof shapes>[0], Partial<VisionTransformerConfig>]>([
    ['registers and a class token that have no positions', { ...registers, pos_embed: [1, 49, 128] }, { registers: 4, prefixPositions: false, imageSize: [112, 112] }],
    ['registers and a class token that have some', { ...registers, pos_embed: [1, 54, 128] }, { registers: 4, prefixPositions: true, imageSize: [112, 112] }],
    // 9 are 3 x 3, or five and 2 x 2.
    ['registers, of which both could be', { ...registers, pos_embed: [1, 9, 128] }, { prefixPositions: false, imageSize: [48, 48] }],
    ['one patch, as there is none without patches', { pos_embed: [1, 1, 128] }, { prefixPositions: false, imageSize: [16, 16] }],
    ['a class token without a position', { pos_embed: [1, 49, 128] }, { prefixPositions: false, imageSize: [112, 112] }],
    ['two tokens with positions', { dist_token: [1, 1, 128], pos_embed: [1, 51, 128] }, { distillationToken: true, prefixPositions: true }],
    ['no token but the patches', { cls_token: undefined, pos_embed: [1, 49, 128] }, { classToken: false, prefixPositions: true, pooling: 'avg' }],
    ['norms with a shift', { 'blocks.0.norm1.bias': [128], 'blocks.0.norm1.weight': [128] }, { norm: 'layer', layerNormEpsilon: 1e-6 }],
    ['norms without a shift', { 'blocks.0.norm1.bias': undefined, 'blocks.0.norm1.weight': [128] }, { norm: 'rms', layerNormEpsilon: 1e-5 }],
    ['no norms', { 'blocks.0.norm1.bias': undefined }, { norm: 'none', layerNormEpsilon: 1e-6 }],
    ['a norm before the blocks', { 'norm_pre.weight': [128] }, { preNorm: true, layerNormEpsilon: 1e-5 }],
    ['a norm of the patches', { 'patch_embed.norm.weight': [128] }, { patchNorm: true, patchBias: false }],
    ['queries, keys and values without a bias', {}, { qkvBias: 'none', blockBias: false, patchNorm: false }],
    ['with one', { 'blocks.0.attn.qkv.bias': [384] }, { qkvBias: 'all' }],
    ['with one but for keys', { 'blocks.0.attn.q_bias': [128] }, { qkvBias: 'query-value' }],
    ['norms of heads, which tell their width', { 'blocks.0.attn.q_norm.weight': [32] }, { heads: 4, queryKeyNorm: true }],
    ['blocks of something else', { 'decoder.blocks.7.norm1.bias': [128] }, { depth: 2 }],
    ['no first half of the MLP by its usual name', { 'blocks.0.mlp.fc1.weight': undefined }, { mlp: 'gelu', hidden: 512 }],
    ['gates', { 'blocks.0.mlp.fc1.weight': [1024, 128] }, { mlp: 'swiglu' }],
    ['pooling by attention', { 'attn_pool.latent': [1, 1, 128] }, { pooling: 'map', finalNorm: 'before-pooling' }],
    ['a norm behind the pooling', { 'norm.weight': undefined, 'fc_norm.weight': [128] }, { pooling: 'avg', finalNorm: 'after-pooling' }],
    ['no last norm', { 'norm.weight': undefined }, { pooling: 'token', finalNorm: 'none' }],
  ])('is told by what there is: %s', (_what, changes, config) => {
    expect(recognise(shapes(changes), 'a.pth').config).toMatchObject(config);
  }); // prettier-ignore
});

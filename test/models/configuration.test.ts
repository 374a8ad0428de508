import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagenetLabels, preprocess, VisionTransformer } from '../../src/index.js';
import { describeModel } from '../../src/models/configuration/describe.js';
import type { TimmArguments } from '../../src/models/configuration/timm-arguments.js';
import { configOfTimm } from '../../src/models/configuration/timm-arguments.js';
import { pictureByFormula } from '../image/pictures.js';
import { evaluate, useBackends } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';
import * as v from '../../src/index.js';

const of = (config: unknown, preprocessor?: unknown) =>
  describeModel(
    { config, ...(preprocessor === undefined ? {} : { preprocessor }), source: '"here"' },
    v.architectureArguments,
  );

const plainVit = {
  model_type: 'vit',
  architectures: ['ViTForImageClassification'],
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  image_size: 24,
  patch_size: 8,
  id2label: { 0: 'cat, tabby', 1: 'dog', 2: 'horse' },
};
const squared = {
  size: { height: 24, width: 24 },
  resample: 2,
  image_mean: [0.1, 0.2, 0.3],
  image_std: [0.4, 0.5, 0.6],
};

describe("configurations of timm's", () => {
  test('an architecture with its arguments changed, classes and their names', () => {
    const { config, preprocessing, labels } = of({
      architecture: 'vit_tiny_patch16_224',
      num_classes: 2,
      label_names: ['n01', 'n02'],
      label_descriptions: { n01: 'tench, Tinca tinca' },
      model_args: { img_size: [32, 48], num_heads: 6, reg_tokens: 4 },
      pretrained_cfg: {
        input_size: [3, 32, 48],
        num_classes: 1000,
        crop_pct: 0.9,
        interpolation: 'bilinear',
        mean: [0.5, 0.5, 0.5],
        std: [0.2, 0.2, 0.2],
      },
    });
    expect(config).toMatchObject({ width: 192, heads: 6, registers: 4, classes: 2, imageSize: [32, 48] });
    expect(labels).toEqual(['tench, Tinca tinca', 'n02']);
    expect(preprocessing).toEqual({
      fit: 'cover',
      cover: [35, 53],
      size: [32, 48],
      mean: [0.5, 0.5, 0.5],
      std: [0.2, 0.2, 0.2],
      interpolation: 'bilinear',
    });
  });

  test('the old form, in which everything is at the top', () => {
    const { config, preprocessing, labels } = of({
      architecture: 'vit_tiny_patch16_224',
      num_classes: 2,
      labels: ['cat', 'dog'],
      input_size: [3, 224, 224],
      crop_pct: 0.9,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    });
    expect([config.classes, labels]).toEqual([2, ['cat', 'dog']]);
    expect(preprocessing).toMatchObject({ fit: 'crop', shortSide: 248, size: 224, mean: [0.5, 0.5, 0.5] });
  });

  test('a thousand classes without names are those of ImageNet, another number has none', () => {
    expect(of({ architecture: 'vit_tiny_patch16_224' }).labels).toBe(imagenetLabels);
    expect(of({ architecture: 'vit_tiny_patch16_224', num_classes: 999 }).labels).toBeUndefined();
  });

  test('an input of another size than the architecture usually has, and of one that has no class token', () => {
    const wide = of({
      architecture: 'vit_base_patch14_reg4_dinov2',
      num_classes: 0,
      input_size: [1, 224, 336],
    });
    expect(wide.config).toMatchObject({ imageSize: [224, 336], channels: 1, registers: 4, classes: 0 });
    const usual = of({ architecture: 'vit_base_patch16_siglip_gap_384' });
    expect(usual.config).toMatchObject({ imageSize: 384, channels: 3, classToken: false });
  });

  test('a model that sees squashed pictures', () => {
    const description = of({
      architecture: 'vit_tiny_patch16_224',
      pretrained_cfg: { crop_mode: 'squash', crop_pct: 0.95, input_size: [3, 64, 64] },
    });
    expect(description.preprocessing).toMatchObject({ fit: 'squash', resized: [67, 67], size: 64 });
  });

  test.each([
    [
      { model_args: { attn_layer: 'diff' } },
      /^config.json in "here": attn_layer is "diff", which is not supported\.$/,
    ],
    [{ global_pool: 'catavgmax' }, /global_pool is "catavgmax", which is not supported/],
    [{ num_classes: -1 }, /num_classes is -1, which is not supported/],
    [{ architecture: 'resnet50' }, /"resnet50" is a convolutional network/],
    [{ architecture: 3 }, /tells neither an architecture of timm nor a model_type/],
  ])('what is not supported is named: %j', (changes, message) => {
    expect(() => of({ architecture: 'vit_tiny_patch16_224', ...changes })).toThrow(message);
    expect(() => of({ architecture: 'vit_tiny_patch16_224', ...changes })).toThrow(v.UsageError);
  });

  test.each<[TimmArguments, object]>([
    [{}, { hidden: 3072, finalNorm: 'before-pooling', layerScale: false, qkvBias: 'all', mlp: 'gelu' }],
    [{ embed_dim: 100, mlp_ratio: 2.579 }, { hidden: 257 }],
    [{ init_values: 0 }, { layerScale: false }],
    [{ init_values: 1e-5 }, { layerScale: true }],
    [{ global_pool: 'avg' }, { pooling: 'avg', finalNorm: 'after-pooling' }],
    [{ global_pool: 'avg', fc_norm: false }, { finalNorm: 'before-pooling' }],
    [{ global_pool: 'avg', fc_norm: true, final_norm: false }, { finalNorm: 'none' }],
    [
      { mlp_layer: 'SwiGLUPacked', embed_dim: 1536, mlp_ratio: 5.33334, act_layer: 'silu' },
      { hidden: 4096, mlp: 'swiglu' },
    ],
    [{ act_layer: 'gelu_tanh' }, { mlp: 'gelu-tanh' }],
    [{ act_layer: 'quick_gelu' }, { mlp: 'quick-gelu' }],
    [{ global_pool: 'max' }, { pooling: 'max', finalNorm: 'after-pooling' }],
    [
      { global_pool: 'map', fc_norm: true },
      { pooling: 'map', finalNorm: 'after-pooling' },
    ],
    [
      { mlp_layer: 'GluMlp', act_layer: 'silu' },
      { hidden: 1536, mlp: 'swiglu' },
    ],
    [
      { mlp_layer: 'SwiGLU', act_layer: 'silu' },
      { hidden: 3072, mlp: 'swiglu-split' },
    ],
    [{ scale_attn_norm: true, scale_mlp_norm: true }, { scaleNorm: true }],
    [{ scale_attn_norm: true }, { scaleNorm: false }],
    [{ scale_mlp_norm: true }, { scaleNorm: false }],
    [{ pre_norm: true }, { preNorm: true, patchBias: false }],
    [
      { norm_layer: 'rmsnorm', embed_norm_layer: 'rmsnorm' },
      { norm: 'rms', patchNorm: true },
    ],
    [
      { qkv_bias: false, proj_bias: false, qk_norm: true },
      { qkvBias: 'none', blockBias: false, queryKeyNorm: true },
    ],
    [
      { class_token: false, distilled: true, reg_tokens: 2, no_embed_class: true, pool_include_prefix: true },
      { classToken: false, distillationToken: true, registers: 2, prefixPositions: false, poolPrefix: true },
    ],
  ])('arguments %j', (given, expected) => {
    expect(configOfTimm({ ...given }, 'a test')).toMatchObject(expected);
  });

  test('an activation that no plain MLP here has', () => {
    expect(() => configOfTimm({ act_layer: 'silu' }, 'a test')).toThrow(
      new v.UsageError('a test: act_layer is "silu", which is not supported.'),
    );
  });

  test.each<[object, string, readonly string[] | undefined]>([
    // Nobody taught it classes: a place among pictures and texts.
    [{ architecture: 'vit_base_patch16_clip_224', num_classes: 512 }, 'embedding', undefined],
    [{ architecture: 'vit_base_patch16_siglip_224', num_classes: 0 }, 'features', undefined],
    [{ architecture: 'vit_base_patch16_clip_224', num_classes: 1000 }, 'classes', imagenetLabels],
    [{ architecture: 'vit_base_patch16_clip_224', num_classes: 2, labels: ['a', 'b'] }, 'classes', ['a', 'b']],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 0 }, 'features', undefined],
    [{ architecture: 'vit_tiny_patch16_224', pretrained_cfg: { num_classes: 2, label_names: ['a', 'b'] } }, 'classes', ['a', 'b']],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 2, label_names: ['a', 'b'], labels: ['c', 'd'] }, 'classes', ['a', 'b']],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 2, labels: { 1: 'b', 0: 'a' } }, 'classes', ['a', 'b']],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 2, labels: ['a'] }, 'classes', undefined],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 2, labels: ['a', ''] }, 'classes', undefined],
    [{ architecture: 'vit_tiny_patch16_224', num_classes: 2, labels: ['a', 'LABEL_1'] }, 'classes', ['a', 'LABEL_1']],
  ])('what the numbers of %j are', (config, output, labels) => {
    expect(of(config)).toMatchObject({ output });
    expect(of(config).labels).toEqual(labels);
  }); // prettier-ignore

  test('what stands at the top counts, also of pictures, and of a square the size is one number', () => {
    const { preprocessing, trainedSize, config } = of({
      architecture: 'vit_tiny_patch16_224',
      input_size: [3, 64, 64],
      crop_pct: 0.5,
      global_pool: 'avg',
      pretrained_cfg: { input_size: [3, 32, 32], crop_pct: 1, std: [0.1, 0.2, 0.3] },
    });
    expect([trainedSize, config.pooling]).toEqual([[64, 64], 'avg']);
    expect(preprocessing).toEqual({
      fit: 'crop',
      shortSide: 128,
      size: 64,
      mean: [0.485, 0.456, 0.406],
      std: [0.1, 0.2, 0.3],
      interpolation: 'bicubic',
    });
  });
});

describe('configurations of transformers', () => {
  test('a ViT that classifies: sizes, classes, their names, and how pictures are made ready', () => {
    const { config, preprocessing, labels } = of(plainVit, squared);
    expect(config).toMatchObject({
      width: 32,
      depth: 2,
      heads: 4,
      hidden: 64,
      classes: 3,
      layerNormEpsilon: 1e-12,
    });
    expect(labels).toEqual(['cat, tabby', 'dog', 'horse']);
    expect(preprocessing).toEqual({
      fit: 'squash',
      size: 24,
      mean: [0.1, 0.2, 0.3],
      std: [0.4, 0.5, 0.6],
      interpolation: 'bilinear',
    });
  });

  test('a model without a classifier has no classes; classes that are called by their numbers have no names', () => {
    expect(of({ ...plainVit, architectures: ['ViTModel'] }, squared).config.classes).toBe(0);
    const numbered = { ...plainVit, id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } };
    expect(of(numbered, squared)).toMatchObject({ config: { classes: 2 }, labels: undefined });
  });

  test('the distillation token has a classifier only in the model with a teacher', () => {
    const deit = { ...plainVit, model_type: 'deit' };
    const heads = (architecture: string): boolean =>
      new VisionTransformer(of({ ...deit, architectures: [architecture] }, squared).config).head_dist !==
      undefined;
    expect(heads('DeiTForImageClassificationWithTeacher')).toBe(true);
    expect(heads('DeiTForImageClassification')).toBe(false);
  });

  test.each([
    [
      'dinov2',
      { use_swiglu_ffn: true, hidden_size: 1536, num_attention_heads: 24 },
      { mlp: 'swiglu', hidden: 4096 },
    ],
    ['dinov2', { mlp_ratio: 2 }, { hidden: 64, layerScale: true, pooling: 'token-avg', registers: 0 }],
    ['dinov2_with_registers', { num_register_tokens: 3 }, { registers: 3, prefixPositions: false }],
    [
      'clip_vision_model',
      { architectures: ['CLIPVisionModelWithProjection'] },
      { classes: 512, preNorm: true, mlp: 'quick-gelu' },
    ],
    ['clip_vision_model', { architectures: ['CLIPVisionModel'] }, { classes: 0, patchBias: false }],
    ['siglip_vision_model', {}, { classes: 0, pooling: 'map', classToken: false, mlp: 'gelu-tanh' }],
  ])('%s %j', (type, changes, expected) => {
    expect(of({ ...plainVit, model_type: type, ...changes }, squared).config).toMatchObject(expected);
  });

  // transformers 4: the defaults of ViTConfig, DeiTConfig, Dinov2Config, CLIPVisionConfig and SiglipVisionConfig.
  const usual = { imageSize: 224, channels: 3, width: 768, depth: 12, heads: 12, hidden: 3072 };
  test.each<[string, string | undefined, object]>([
    ['vit', 'ViTForImageClassification', { ...usual, patchSize: 16, classes: 2, layerNormEpsilon: 1e-12, mlp: 'gelu', qkvBias: 'all' }],
    ['deit', 'DeiTModel', { ...usual, patchSize: 16, classes: 0, layerNormEpsilon: 1e-12, mlp: 'gelu', qkvBias: 'all', distillationToken: true, distillationHead: false }],
    ['dinov2', 'Dinov2ForImageClassification', { ...usual, patchSize: 16, classes: 2, layerNormEpsilon: 1e-6, mlp: 'gelu', qkvBias: 'all', registers: 0, layerScale: true, pooling: 'token-avg' }],
    ['dinov2', 'Dinov2Model', { ...usual, patchSize: 16, classes: 0, layerNormEpsilon: 1e-6, mlp: 'gelu', qkvBias: 'all', registers: 0, layerScale: true, pooling: 'token' }],
    ['dinov2_with_registers', undefined, { ...usual, patchSize: 16, classes: 0, layerNormEpsilon: 1e-6, mlp: 'gelu', qkvBias: 'all', registers: 4, layerScale: true, pooling: 'token', prefixPositions: false }],
    ['clip_vision_model', undefined, { ...usual, patchSize: 32, classes: 0, layerNormEpsilon: 1e-5, mlp: 'quick-gelu', preNorm: true, patchBias: false }],
    ['siglip_vision_model', undefined, { ...usual, patchSize: 16, classes: 0, layerNormEpsilon: 1e-6, mlp: 'gelu-tanh', classToken: false, pooling: 'map' }],
  ])('%s of which nothing more is said than %s', (type, architecture, config) => {
    const found = of({ model_type: type, ...(architecture === undefined ? {} : { architectures: [architecture] }) });
    expect(found.config).toEqual(config);
    expect(found).toMatchObject({
      trainedSize: 224,
      output: 'classes' in config && config.classes === 2 ? 'classes' : 'features',
      preprocessing: { fit: 'squash', size: 224, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], interpolation: 'bilinear' },
    });
    expect(found.labels).toBeUndefined();
  }); // prettier-ignore

  test.each<[object, object]>([
    [{ qkv_bias: false }, { qkvBias: 'none' }],
    [{ model_type: 'dinov2', qkv_bias: false }, { qkvBias: 'none' }],
    [{ hidden_act: 'gelu_new' }, { mlp: 'gelu-tanh' }],
    // Two thirds of 4 * 36 are 96; of 4 * 32 they are 85, and the next multiple of 8 is 88.
    [
      { model_type: 'dinov2', use_swiglu_ffn: true, hidden_size: 36 },
      { hidden: 96, mlp: 'swiglu' },
    ],
    [
      { model_type: 'dinov2', use_swiglu_ffn: true, hidden_size: 32 },
      { hidden: 88, mlp: 'swiglu' },
    ],
    [{ num_labels: 7 }, { classes: 7 }],
    [{ architectures: null }, { classes: 0 }],
    [{ architectures: [] }, { classes: 0 }],
  ])('%j', (changes, expected) => {
    expect(of({ ...plainVit, ...changes }).config).toMatchObject(expected);
  });

  test('a thousand classes without names are those of ImageNet, but an embedding of a thousand numbers is none', () => {
    expect(of({ ...plainVit, id2label: undefined, num_labels: 1000 }).labels).toBe(imagenetLabels);
    const clip = { model_type: 'clip_vision_model', projection_dim: 1000 };
    const found = of({ ...clip, architectures: ['CLIPVisionModelWithProjection'] });
    expect(found).toMatchObject({ output: 'embedding', config: { classes: 1000 } });
    expect(found.labels).toBeUndefined();
  });

  test('the part that sees of SigLIP, and of what has none', () => {
    const config = of({ model_type: 'siglip', vision_config: { hidden_size: 36 } }).config;
    expect(config).toMatchObject({ width: 36, classToken: false, pooling: 'map' });
    expect(() => of({ model_type: 'siglip' })).toThrow(
      /^config.json in "here" has no vision_config, which is needed\.$/,
    );
    expect(() => of({ model_type: 'clip', vision_config: { hidden_size: 0 } })).toThrow(
      /^config.json in "here", vision_config: hidden_size is 0, which is not supported\.$/,
    );
  });

  test('of a model that sees and reads, the part that sees', () => {
    const { config } = of(
      { model_type: 'clip', vision_config: { ...plainVit, projection_dim: 16, hidden_act: 'gelu' } },
      { size: 24, crop_size: 24 },
    );
    expect(config).toMatchObject({ width: 32, classes: 16, mlp: 'gelu', layerNormEpsilon: 1e-5 });
  });

  test.each([
    [
      { size: { shortest_edge: 30 }, crop_size: { height: 24, width: 16 } },
      { fit: 'crop', shortSide: 30, size: [24, 16] },
    ],
    [
      { size: { shortest_edge: 30 }, do_center_crop: false },
      { fit: 'crop', shortSide: 30, size: 30 },
    ],
    [
      { size: { height: 28, width: 30 }, crop_size: 24 },
      { fit: 'squash', resized: [28, 30], size: 24 },
    ],
    [
      { size: 24, resample: 3, do_normalize: false },
      { mean: [0, 0, 0], std: [1, 1, 1], interpolation: 'bicubic' },
    ],
    [
      { size: 24, resample: 1, image_mean: [0.1], image_std: [0.2] },
      { fit: 'squash', size: 24, mean: [0.1], std: [0.2], interpolation: 'lanczos' },
    ],
    // What is null is as if it were left out.
    [
      { size: 24, resample: null, image_mean: null, image_std: null, crop_size: null, do_center_crop: null },
      { fit: 'squash', size: 24, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], interpolation: 'bilinear' },
    ],
    [
      { size: 24, do_resize: null, do_normalize: null, rescale_factor: null },
      { fit: 'squash', size: 24, mean: [0.5, 0.5, 0.5] },
    ],
    [
      { size: 30, crop_size: 24, do_center_crop: false, rescale_factor: 0.00392156862745098 },
      { fit: 'squash', size: 30 },
    ],
  ])('pictures made ready by %j', (preprocessor, expected) => {
    expect(of({ ...plainVit, patch_size: 2 }, preprocessor).preprocessing).toMatchObject(expected);
  });

  test('a model is as large as what it is given, whatever size it had in training', () => {
    const { config } = of(plainVit, { size: { shortest_edge: 256 }, crop_size: { height: 32, width: 40 } });
    expect(config.imageSize).toEqual([32, 40]);
  });

  test.each([
    [
      { model_type: 'swin' },
      undefined,
      /of the type "swin", which is not supported; of transformers there are vit, deit/,
    ],
    [{ model_type: 'constructor' }, undefined, /of the type "constructor"/],
    [{ hidden_act: 'selu' }, undefined, /hidden_act is "selu", which is not supported; there are gelu/],
    [{}, 'x', /preprocessor_config.json in "here": the whole of it is "x", which is not supported\.$/],
    [{}, null, /preprocessor_config.json in "here": the whole of it is null, which is not supported\.$/],
    [{ hidden_size: '32' }, undefined, /config.json in "here": hidden_size is "32", which is not supported/],
    [{ num_hidden_layers: 1e15 }, undefined, /num_hidden_layers is 1000000000000000/],
    [
      {},
      { size: { longest_edge: 3 } },
      /preprocessor_config.json in "here": size is .*, which is not supported/,
    ],
    [{}, { size: 24, resample: 0 }, /resample is 0, which is not supported/],
    [
      {},
      { size: 24, resample: 4 },
      /resample is 4, which is not supported; there are 1 \(lanczos\), 2 \(bilinear\)/,
    ],
    [{}, { size: 24, do_resize: false }, /do_resize is false, which is not supported\.$/],
    [{}, { size: 24, rescale_factor: 1 / 127.5 }, /rescale_factor is 0\.00784\d*, which is not supported\.$/],
    [{}, { size: 24, rescale_factor: 0 }, /rescale_factor is 0, which/],
    [{}, { size: 24, image_mean: [] }, /image_mean is \[\], which is not supported/],
    [{ hidden_act: 'x'.repeat(100) }, undefined, /hidden_act is "x{100}", which/],
    [{ hidden_size: 'x'.repeat(100) }, undefined, /hidden_size is "x{58}…, which is not supported\.$/],
    [{ hidden_size: 'x'.repeat(58) }, undefined, /hidden_size is "x{58}", which is not supported\.$/],
    [{}, { do_resize: true }, /preprocessor_config.json in "here" has no size, which is needed/],
  ])('what is not supported is named: %j, %j', (changes, preprocessor, message) => {
    expect(() => of({ ...plainVit, ...changes }, preprocessor)).toThrow(message);
    expect(() => of({ ...plainVit, ...changes }, preprocessor)).toThrow(v.UsageError);
  });

  test.each([[null], [[]], ['text'], [{}]])('a configuration that is none: %j', (config) => {
    expect(() => of(config)).toThrow(
      /tells neither an architecture of timm nor a model_type of transformers/,
    );
  });
});

describeWithReference('folders of the hub, rebuilt from their configuration alone', (folder) => {
  const backends = useBackends();
  const formats = join(folder, 'zoo', 'formats');
  const sources: Record<string, string> = {
    'hf-vit': 'vit_square',
    'hf-deit-distilled': 'deit_distilled',
    'hf-vit-base-model': 'dino_nohead',
    'hf-dinov2': 'dinov2_plain',
    'hf-dinov2-with-registers': 'dinov2_reg4',
  };

  test.each(Object.entries(sources))('%s, with the weights of %s', async (name, weights) => {
    const config = json(join(formats, name, 'config.json')) as { image_size: number };
    const described = of(config, json(join(formats, name, 'preprocessor_config.json')));
    // The files hold pictures of the size that the model was trained with.
    const model = new VisionTransformer({ ...described.config, imageSize: config.image_size });
    const stored = readSafetensors(join(folder, 'zoo', 'models', `${weights}.safetensors`));
    for (const [own, parameter] of model.namedParameters()) {
      parameter.assign(stored(own).values as Float32Array);
    }
    const expected = readSafetensors(join(formats, name, 'expected.safetensors'));
    const image = v.constant(expected('input').values as Float32Array, expected('input').shape);
    const { logits } = await evaluate({ logits: model.call(image) }, backends.reference);
    expect(difference(logits, expected('logits').values).relative).toBeLessThan(1e-6);
  });

  test.each(['timm-hub-plain', 'timm-hub-legacy', 'hf-vit-oblong'])(
    '%s makes pictures of the right size',
    (name) => {
      const path = join(formats, name, 'preprocessor_config.json');
      const { config, preprocessing } = describeModel(
        {
          config: json(join(formats, name, 'config.json')),
          ...(existsSync(path) ? { preprocessor: json(path) } : {}),
          source: name,
        },
        () => ({ ...v.architectureArguments('vit_tiny_patch16_224'), patch_size: 8 }),
      );
      const { values } = preprocess(pictureByFormula(90, 70), preprocessing);
      expect(values).toHaveLength(v.sizeOf(new VisionTransformer(config).inputShape));
    },
  );
});

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

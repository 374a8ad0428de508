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
    [{ embed_dim: 100, mlp_ratio: 2.57 }, { hidden: 257 - 1 + 1 }],
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
  ])('arguments %j', (given, expected) => {
    expect(configOfTimm({ ...given }, 'a test')).toMatchObject(expected);
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
    [{ hidden_size: '32' }, undefined, /config.json in "here": hidden_size is "32", which is not supported/],
    [{ num_hidden_layers: 1e15 }, undefined, /num_hidden_layers is 1000000000000000/],
    [
      {},
      { size: { longest_edge: 3 } },
      /preprocessor_config.json in "here": size is .*, which is not supported/,
    ],
    [{}, { size: 24, resample: 0 }, /resample is 0, which is not supported/],
    [{}, { size: 24, do_resize: false }, /do_resize is false/],
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

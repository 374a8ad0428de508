import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { refused } from '../../src/models/registry/data/refused.js';

const half = [0.5, 0.5, 0.5];
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

function refusalOf(name: string): string {
  try {
    v.findModel(name);
  } catch (error) {
    expect(error).toBeInstanceOf(v.UsageError);
    return (error as Error).message;
  }
  throw new Error(`${name} was found.`);
}

describe('a bare name', () => {
  test.each([
    ['deit_tiny_patch16_224', 'fb_in1k'],
    ['vit_base_patch16_224', 'augreg2_in21k_ft_in1k'],
    ['vit_base_patch32_224', 'augreg_in21k_ft_in1k'],
    ['vit_large_patch16_224', 'augreg_in21k_ft_in1k'],
    ['vit_base_patch16_clip_224', 'laion2b_ft_in12k_in1k'],
  ])('%s means its default checkpoint, %s', (name, tag) => {
    const entry = v.findModel(name);
    expect(entry).toMatchObject({ name, tag });
    expect(v.fullName(entry)).toBe(`${name}.${tag}`);
    expect(v.findModel(`${name}.${tag}`)).toEqual(entry);
  });

  test('is listed once, and so is each checkpoint', () => {
    const names = v.modelNames();
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(v.defaultModelName);
    for (const name of names) expect(v.findModel(name).name).toBe(name);
  });
});

test.each<[string, v.Preprocessing]>([
  // 256 of 224, as its authors; timm's 0.9 would be 248.
  [
    'deit_tiny_patch16_224',
    { fit: 'crop', shortSide: 256, size: 224, interpolation: 'bicubic', ...imagenet },
  ],
  [
    'deit_small_patch16_224',
    { fit: 'crop', shortSide: 248, size: 224, interpolation: 'bicubic', ...imagenet },
  ],
  [
    'vit_base_patch16_224',
    { fit: 'crop', shortSide: 248, size: 224, interpolation: 'bicubic', mean: half, std: half },
  ],
  [
    'vit_base_patch16_224.dino',
    { fit: 'crop', shortSide: 248, size: 224, interpolation: 'bicubic', ...imagenet },
  ],
  [
    'vit_small_patch14_dinov2',
    { fit: 'crop', shortSide: 518, size: 518, interpolation: 'bicubic', ...imagenet },
  ],
  [
    'vit_base_patch32_clip_384.openai_ft_in12k_in1k',
    { fit: 'squash', resized: [404, 404], size: 384, interpolation: 'bicubic', ...clip },
  ],
  [
    'vit_large_patch14_clip_336.laion2b_ft_in1k',
    { fit: 'squash', resized: [336, 336], size: 336, interpolation: 'bicubic', mean: half, std: half },
  ],
  [
    'vit_base_patch16_224_miil',
    {
      fit: 'crop',
      shortSide: 256,
      size: 224,
      interpolation: 'bilinear',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
  ],
])('the pictures of %s', (name, preprocessing) => {
  expect(v.findModel(name).preprocessing).toEqual(preprocessing);
});

describe('what a model gives', () => {
  test.each<[string, v.OutputKind, number, string]>([
    ['deit_tiny_patch16_224', 'classes', 1000, 'tench, Tinca tinca'],
    ['vit_scenes_patch8_72', 'classes', 16, 'dog'],
    ['vit_base_patch16_224.augreg_in21k', 'classes', 21843, 'class 0'],
    ['vit_medium_patch16_gap_240', 'classes', 11821, 'class 0'],
    ['vit_base_patch16_clip_224.openai', 'embedding', 512, 'dimension 0'],
    ['vit_base_patch16_siglip_224', 'embedding', 768, 'dimension 0'],
    ['vit_base_patch16_siglip_gap_224', 'features', 768, 'feature 0'],
    ['vit_small_patch14_dinov2', 'features', 384, 'feature 0'],
  ])('%s: %s', (name, output, count, first) => {
    const entry = v.findModel(name);
    expect(entry.output).toBe(output);
    expect(v.outputCount(entry.config)).toBe(count);
    const labels = v.labelsOf(entry);
    expect(labels).toHaveLength(count);
    expect(labels[0]).toBe(first);
  });
});

describe('an architecture without weights', () => {
  test('has the classes and the pictures of ImageNet, whatever was published of it', () => {
    const { config } = v.findModel('vit_base_patch16_siglip_224');
    expect(v.ofArchitecture('vit_base_patch16_siglip_224')).toStrictEqual({
      name: 'vit_base_patch16_siglip_224',
      config: { ...config, classes: 1000 },
      output: 'classes',
      labels: v.imagenetLabels,
      preprocessing: { fit: 'crop', shortSide: 256, size: 224, interpolation: 'bicubic', ...imagenet },
      licence: 'unknown',
    });
  });

  test.each(['deit_tiny_patch16_224.fb_in1k', 'vit_scenes_patch8_72', 'resnet50', ''])(
    '%j is none',
    (name) => {
      expect(() => v.ofArchitecture(name)).toThrow(v.UsageError);
      expect(() => v.ofArchitecture(name)).toThrow(`model "${name}"`);
    },
  );
});

test.each([
  ['vit_scenes_patch8_72', true],
  ['vit_scenes_patch8_72.tag', false],
  ['deit_tiny_patch16_224', true],
  // No weights were published of it, and none under this tag.
  ['vit_giant_patch14_224', true],
  ['deit_tiny_patch16_224.mine', true],
  ['deit_tiny_patch16_224x', false],
  ['resnet50', false],
  ['.deit_tiny_patch16_224', false],
  ['', false],
])('whether a model may be called %j: %p', (name, may) => {
  expect(v.isModelName(name)).toBe(may);
});

test('the model that ships is called so in full, and is not on the hub', () => {
  expect(v.fullName(v.demoModel)).toBe('vit_scenes_patch8_72');
  expect(v.findModel('vit_scenes_patch8_72')).toBe(v.demoModel);
  expect(v.demoModel.hub).toBeUndefined();
  expect(v.modelNames()[0]).toBe('vit_scenes_patch8_72');
});

describe('a name that is none', () => {
  test.each([
    [
      'vit_bass_patch16_224',
      'There is no model "vit_bass_patch16_224"; did you mean vit_base_patch16_224, deit_base_patch16_224 or ' +
        'vit_base_patch8_224? "vitrine models" lists what there is.',
    ],
    ['qqqq', 'There is no model "qqqq"; "vitrine models" lists what there is.'],
    ['', 'There is no model ""; "vitrine models" lists what there is.'],
    ['constructor', 'There is no model "constructor"; "vitrine models" lists what there is.'],
    [
      'vit_small_patch16_384.dino',
      'There is no model "vit_small_patch16_384.dino"; vit_small_patch16_384 was published as ' +
        'augreg_in21k_ft_in1k or augreg_in1k.',
    ],
    [
      'vit_giant_patch14_224',
      'Of the architecture vit_giant_patch14_224 no weights are published on the Hugging Face hub that timm knows of; ' +
        'choose another model: "vitrine models" lists them.',
    ],
  ])('"%s" is refused, with what is near', (name, message) => {
    expect(refusalOf(name)).toBe(message);
  });

  test('a part of names is answered with names', () => {
    expect(refusalOf('dinov2')).toContain('did you mean vit_base_patch14_dinov2, ');
  });
});

describe('a model of another kind is refused with the reason', () => {
  const named = {
    'two attentions': ['vit_base_patch16_18x2_224', 'vit_small_patch16_18x2_224'],
    'behind attention and MLP': ['vit_base_patch16_rpn_224'],
    'side by side': [
      'vit_base_patch16_xp_224',
      'vit_pwee_patch16_reg1_gap_256',
      'vit_dpwee_patch16_reg1_gap_256',
    ],
    'differences of two': ['vit_dlittle_patch16_reg1_gap_256', 'vit_dwee_patch16_reg1_gap_256.sbb_in1k'],
    'do not divide': ['vit_so400m_patch14_siglip_384', 'vit_so400m_patch14_siglip_gap_384.webli'],
    'relative positions': [
      'vit_relpos_base_patch16_224',
      'beit_base_patch16_224',
      'beitv2_large_patch16_224',
    ],
    Eva: ['eva_giant_patch14_224'],
    rotates: ['vit_small_patch16_dinov3.lvd1689m', 'eva02_base_patch14_448', 'vit_base_patch16_rope_224'],
    hybrid: ['vit_base_r50_s16_224', 'vit_tiny_r_s16_p8_224', 'vit_base_resnet50d_224', 'mobilevit_s'],
    windows: [
      'swin_tiny_patch4_window7_224',
      'swinv2_base_window8_256',
      'samvit_base_patch16',
      'maxvit_tiny_tf_224',
    ],
    'several sizes': ['pvt_v2_b0', 'mvitv2_tiny', 'pit_b_224', 'crossvit_9_240'],
    'the class token': ['cait_s24_224'],
    channels: ['xcit_small_12_p8_224'],
    'no attention': ['mixer_b16_224', 'gmlp_s16_224', 'resmlp_12_224'],
    convolutional: ['resnet50', 'convnext_base', 'tf_efficientnet_b0', 'regnety_032', 'seresnext50_32x4d'],
  };

  test.each(Object.entries(named).flatMap(([reason, names]) => names.map((name) => [name, reason])))(
    '%s: %s',
    (name, reason) => {
      const message = refusalOf(name);
      expect(message).toMatch(
        /^The model "[^"]+" .*, which is not supported; vitrine runs plain .* lists them\.$/,
      );
      expect(message).toContain(reason);
      expect(message).toContain(`"${name}"`);
    },
  );

  test('and none that is known has such a name', () => {
    const known = [...v.modelNames(), ...v.architectureNames()];
    expect(known.filter((name) => refused.some(([names]) => names.test(name)))).toEqual([]);
  });
});

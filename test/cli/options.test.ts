import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { checkOptions, type RawExplainOptions } from '../../src/cli/explain-options.js';
import { personsDirectory } from '../../src/cli/paths.js';
import { UsageError } from '../../src/errors.js';

const defaults: RawExplainOptions = {
  model: 'deit_tiny_patch16_224',
  method: 'rollout',
  headFusion: 'mean',
  discardRatio: '0',
  variant: 'relu-of-mean',
  device: 'auto',
  out: 'explanations',
};

describe('checkOptions', () => {
  test('takes the defaults, and pictures with and without --image', () => {
    const checked = checkOptions({ ...defaults, image: ['b.png', '/c.png'] }, ['a.png']);
    const here = personsDirectory();
    expect(checked).toEqual({
      images: [join(here, 'a.png'), join(here, 'b.png'), '/c.png'],
      model: 'deit_tiny_patch16_224',
      weights: undefined,
      methods: ['rollout'],
      method: { headFusion: 'mean', discardRatio: 0, variant: 'relu-of-mean' },
      layers: [0, 11],
      targets: [{ kind: 'rank', rank: 0 }],
      device: 'auto',
      adapter: undefined,
      threads: undefined,
      colormap: undefined,
      out: join(here, 'explanations'),
      json: false,
    });
  });

  test.each([
    [{ discardRatio: '0.9' }, { method: { discardRatio: 0.9 } }],
    [{ discardRatio: '.5' }, { method: { discardRatio: 0.5 } }],
    [{ layers: '0-0' }, { layers: [0, 0] }],
    [{ layers: '2-9' }, { layers: [2, 9] }],
    [{ layers: '11' }, { layers: [11, 11] }],
    [{ headFusion: 'max' }, { method: { headFusion: 'max' } }],
    [{ variant: 'signed' }, { method: { variant: 'signed' } }],
    [{ compat: 'vit-explain' }, { method: { compat: 'vit-explain' } }],
    [{ threads: '3' }, { threads: 3 }],
    [{ method: 'rollout,gradient-rollout,rollout' }, { methods: ['rollout', 'gradient-rollout'] }],
  ])('%j', (raw, checked) => {
    expect(checkOptions({ ...defaults, ...raw }, ['a.png'])).toMatchObject(checked);
  });

  test.each([
    ['161', [{ kind: 'class', index: 161 }]],
    ['basset', [{ kind: 'class', index: 161 }]],
    ['top2', [{ kind: 'rank', rank: 0 }, { kind: 'rank', rank: 1 }]], // prettier-ignore
    ['87-161', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['87, basset,87', [{ kind: 'class', index: 87 }, { kind: 'class', index: 161 }]], // prettier-ignore
  ])('class %s', (text, targets) => {
    expect(checkOptions({ ...defaults, class: text }, ['a.png']).targets).toEqual(targets);
  });

  test.each<[Partial<RawExplainOptions>, RegExp]>([
    [{ model: 'resnet' }, /no model "resnet"; choose one of: deit_tiny_patch16_224, vit_scenes_patch8_72\./],
    [{ method: 'lime' }, /--method does not know "lime"; choose one of: .*rollout/],
    [{ headFusion: 'sum' }, /--head-fusion does not know "sum"; choose one of: mean, max, min\./],
    [{ device: 'cuda' }, /--device does not know "cuda"; choose one of: auto, webgpu, native, reference\./],
    [{ colormap: 'grey' }, /no colour map "grey"; choose one of turbo, /],
    [{ colormap: 'constructor' }, /no colour map "constructor"/],
    [{ discardRatio: '1' }, /--discard-ratio is "1"; give a number from 0/],
    [{ discardRatio: '-0.1' }, /--discard-ratio is "-0\.1"/],
    [{ discardRatio: 'Infinity' }, /--discard-ratio is "Infinity"/],
    [{ discardRatio: 'half' }, /--discard-ratio is "half"/],
    [{ discardRatio: '' }, /--discard-ratio is ""/],
    [{ layers: '0-12' }, /--layers is "0-12"; give two blocks between 0 and 11/],
    [{ layers: '5-3' }, /--layers is "5-3"; .*the lower first/],
    [{ layers: '-1' }, /--layers is "-1"/],
    [{ layers: '0-1-2' }, /--layers is "0-1-2"/],
    [{ layers: '1.5-3' }, /--layers is "1\.5-3"/],
    [{ layers: '' }, /--layers is ""/],
    [{ class: '1000' }, /no class 1000: give an index from 0 to 999/],
    [{ class: '87-1000' }, /no class 1000: give an index from 0 to 999/],
    [{ class: '87-87' }, /difference of a class with itself; give two classes/],
    [{ class: '87,' }, /The class is empty/],
    [{ method: 'rollout,lime' }, /--method does not know "lime"/],
    [{ variant: 'best' }, /--variant does not know "best"; choose one of: relu-of-mean, /],
    [{ compat: 'captum' }, /--compat does not know "captum"; choose one of: vit-explain\./],
    [{ compat: 'vit-explain', layers: '0-3' }, /neither --layers nor --variant; leave them out/],
    [{ compat: 'vit-explain', method: 'chefer-iccv21' }, /has no method "chefer-iccv21"; --compat goes with/],
    [{ class: 'top0' }, /"top0" asks for 0 classes/],
    [{ class: 'qqqqqqqqqq' }, /No class is called "qqqqqqqqqq"/],
    [{ weights: '' }, /--weights is empty, .*; give a value/],
    [{ out: '' }, /--out is empty/],
    [{ threads: '0' }, /--threads is "0"; give a number of threads from 1 to 1024\./],
    [{ threads: 'half' }, /--threads is "half"/],
    [{ adapter: ' ' }, /--adapter is empty/],
    [{ image: [''] }, /The path of a picture is empty/],
  ])('%j is refused', (raw, message) => {
    const check = (): unknown => checkOptions({ ...defaults, ...raw }, ['a.png']);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test('no picture is refused', () => {
    expect(() => checkOptions(defaults, [])).toThrow(/No picture was given; name at least one/);
  });
});

describe('personsDirectory', () => {
  test('is INIT_CWD under a script of this package', () => {
    const env = { npm_package_name: 'vitrine', npm_lifecycle_event: 'explain', INIT_CWD: '/person' };
    expect(personsDirectory(env)).toBe('/person');
  });

  test.each([
    ['without npm', {}],
    ['outside a script', { npm_package_name: 'vitrine', INIT_CWD: '/person' }],
    ['under a script of another package', { npm_package_name: 'shop', npm_lifecycle_event: 'build', INIT_CWD: '/person' }], // prettier-ignore
    ['without INIT_CWD', { npm_package_name: 'vitrine', npm_lifecycle_event: 'explain' }],
  ])('is the working directory %s', (_when, env) => {
    expect(personsDirectory(env)).toBe(process.cwd());
  });
});

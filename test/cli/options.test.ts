import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import {
  askedOf,
  checkOptions,
  checkRequest,
  type RawExplainOptions,
  type Request,
} from '../../src/cli/explain-options.js';
import { overlays, panel } from '../../src/cli/figures.js';
import { optionRows } from '../../src/cli/method-options.js';
import { personsDirectory } from '../../src/cli/paths.js';
import {
  chooseMethods,
  findModel,
  imagenetLabels,
  ixg,
  parseTargets,
  recommended,
  rollout,
  tokenGradcam,
  UsageError,
} from '../../src/index.js';

/** As typed: options of methods too. */
type Typed = RawExplainOptions & Readonly<Record<string, unknown>>;

const nothing: RawExplainOptions = { device: 'auto', out: 'explanations' };
const defaults: RawExplainOptions = { ...nothing, method: 'rollout' };
const deitTiny = askedOf(findModel('deit_tiny_patch16_224'));

const check = (raw: Partial<Typed>): Request => {
  const all = { ...defaults, ...raw };
  return checkRequest(all, checkOptions(all, ['a.png']), deitTiny);
};

describe('options', () => {
  test('take the defaults, and pictures with and without --image', () => {
    const checked = checkOptions({ ...defaults, image: ['b.png', '/c.png'] }, ['a.png']);
    const here = personsDirectory();
    expect(checked).toEqual({
      images: [join(here, 'a.png'), join(here, 'b.png'), '/c.png'],
      model: undefined,
      weights: undefined,
      // Which of them there are depends on the model.
      methods: expect.any(Function),
      shown: { figure: overlays, choose: chooseMethods },
      device: 'auto',
      adapter: undefined,
      threads: undefined,
      colormap: undefined,
      out: join(here, 'explanations'),
      force: false,
      json: false,
      preview: true,
      measure: false,
    });
    expect(check({})).toEqual({
      methods: [{ method: rollout, options: { headFusion: 'mean', discardRatio: 0, layers: [0, 11] } }],
      // Of no class: there is none to explain.
      targets: [],
      score: 'logit',
      named: { methods: ['rollout'], classes: false },
      least: 0,
      figure: overlays,
      ablation: undefined,
      saving: { maps: false, kinds: [], targets: [] },
    });
    expect(checkOptions({ ...defaults, threads: '3' }, ['a.png']).threads).toBe(3);
  });

  test('without a method: a panel of what was looked at, and why it is the class that it is taken for, or the next', () => {
    expect(checkOptions(nothing, ['a.png']).methods).toBeUndefined();
    const chosen = (raw: Partial<Typed>, asked = deitTiny): Request => {
      const all = { ...nothing, ...raw };
      return checkRequest(all, checkOptions(all, ['a.png']), asked);
    };
    const { methods, ...rest } = chosen({});
    expect(methods.map(({ method }) => method)).toEqual([rollout, recommended]);
    const [first, second] = [{ kind: 'rank', rank: 0 }, { kind: 'rank', rank: 1 }]; // prettier-ignore
    const saving = { maps: false, kinds: [], targets: [] };
    const shown = { score: 'logit', figure: panel, ablation: undefined, saving };
    expect(rest).toEqual({
      ...shown,
      targets: [first, second],
      named: { methods: [], classes: false },
      least: 0.1,
    });
    // Whoever names classes wants to see them, however improbable.
    expect(chosen({ class: '3,top1' })).toMatchObject({
      ...shown,
      targets: [{ kind: 'class', index: 3 }, first],
      named: { methods: [], classes: true },
      least: 0,
    });
    expect(chosen({}, { ...deitTiny, labels: ['one'] }).targets).toEqual([first]);
    const ofFeatures = { ...deitTiny, output: 'features' } as const;
    expect(chosen({}, ofFeatures)).toMatchObject({ methods: [{ method: rollout }], targets: [] });
    expect(chosen({ target: 'norm' }, ofFeatures)).toMatchObject({
      methods: [{ method: rollout }, { method: recommended }],
      targets: [{ kind: 'norm' }],
      named: { classes: true },
    });
    expect(chosen({ headFusion: 'max' }).methods[0].options).toMatchObject({ headFusion: 'max' });
    expect(() => chosen({ variant: 'signed' })).toThrow(/--variant is no option of rollout, recommended;/);
    expect(chosen({ method: 'rollout, handoff', panel: true })).toMatchObject({
      figure: panel,
      named: { methods: ['rollout', 'handoff'] },
      targets: [first],
    });
  });

  test.each<[Partial<Typed>, Record<string, unknown>]>([
    [{ discardRatio: '0.9' }, { discardRatio: 0.9 }],
    [{ discardRatio: '.5' }, { discardRatio: 0.5 }],
    [{ layers: '0-0' }, { layers: [0, 0] }],
    [{ layers: '2-9' }, { layers: [2, 9] }],
    [{ layers: '2 – 9' }, { layers: [2, 9] }],
    [{ layers: '11' }, { layers: [11, 11] }],
    [{ headFusion: 'max' }, { headFusion: 'max' }],
    [{ method: 'gradient-rollout', variant: 'signed' }, { variant: 'signed' }],
    [
      { method: 'vit-explain-rollout', headFusion: 'max' },
      { headFusion: 'max', discardRatio: 0 },
    ],
  ])('%j', (raw, expected) => {
    expect(check(raw).methods[0].options).toMatchObject(expected);
  });

  test('are told of with the default of every method that has them', () => {
    const block = { name: 'block', usage: '--block N', choices: [] };
    expect(optionRows([ixg])).toMatchObject([{ ...block, fallback: 'the first', of: ['ixg'] }]);
    expect(optionRows([tokenGradcam])).toMatchObject([{ ...block, fallback: 'the last' }]);
    const both = {
      ...block,
      fallback: 'the last or the first',
      of: expect.arrayContaining(['ixg', 'token-gradcam']),
    };
    expect(optionRows().find(({ name }) => name === 'block')).toMatchObject(both);
    const fusion = { usage: '--head-fusion mean|max|min', choices: ['mean', 'max', 'min'], fallback: 'mean' };
    expect(optionRows([rollout])[0]).toMatchObject(fusion);
  });

  test('each method is given those that it has, and named once', () => {
    const { methods } = check({
      method: 'rollout, gradient-rollout,rollout',
      discardRatio: '0.5',
      variant: 'mean-of-relu',
    });
    expect(methods.map(({ method, options }) => [method.name, options])).toEqual([
      ['rollout', { headFusion: 'mean', discardRatio: 0.5, layers: [0, 11] }],
      ['gradient-rollout', { variant: 'mean-of-relu', discardRatio: 0.5, layers: [0, 11] }],
    ]);
  });

  test.each([
    ['161', [{ kind: 'class', index: 161 }]],
    ['basset', [{ kind: 'class', index: 161 }]],
    ['top2', [{ kind: 'rank', rank: 0 }, { kind: 'rank', rank: 1 }]], // prettier-ignore
    ['87-161', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['87–161', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['African grey..basset', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['African grey–basset', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['87 .. basset', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['African grey…161', [{ kind: 'contrast', index: 87, against: 161 }]],
    ['"basset"', [{ kind: 'class', index: 161 }]],
    ['“African grey” , ‘basset’', [{ kind: 'class', index: 87 }, { kind: 'class', index: 161 }]], // prettier-ignore
    [`"${imagenetLabels[87]}"`, [{ kind: 'class', index: 87 }]],
    [imagenetLabels[87], [{ kind: 'class', index: 87 }]],
    [`${imagenetLabels[87].toUpperCase()}, 161`, [{ kind: 'class', index: 87 }, { kind: 'class', index: 161 }]], // prettier-ignore
    [`161,${imagenetLabels[87]},top1`, [{ kind: 'class', index: 161 }, { kind: 'class', index: 87 }, { kind: 'rank', rank: 0 }]], // prettier-ignore
    ['87, basset,87', [{ kind: 'class', index: 87 }, { kind: 'class', index: 161 }]], // prettier-ignore
  ])('class %s', (text, targets) => {
    expect(check({ method: 'chefer-iccv21', class: text }).targets).toEqual(targets);
  });

  test('a label may have a dash of its own', () => {
    expect(parseTargets('a–b', ['a', 'b', 'a–b'])).toEqual([{ kind: 'class', index: 2 }]);
  });

  test.each<[Partial<Typed>, RegExp]>([
    [{ method: 'lime' }, /There is no method "lime"; choose one of: .*rollout/],
    [{ headFusion: 'sum' }, /--head-fusion is "sum"; choose one of: mean, max, min\./],
    [
      { device: 'cuda' },
      /--device does not know "cuda"; choose one of: auto, webgpu, native, wasm, reference\./,
    ],
    [{ colormap: 'grey' }, /no colour map "grey"; choose one of turbo, /],
    [{ colormap: 'constructor' }, /no colour map "constructor"/],
    [{ discardRatio: '1' }, /--discard-ratio is "1"; give a number from 0/],
    [{ discardRatio: '-0.1' }, /--discard-ratio is "-0\.1"; give/],
    [{ discardRatio: 'Infinity' }, /--discard-ratio is "Infinity"; give/],
    [{ discardRatio: 'half' }, /--discard-ratio is "half"; give/],
    [{ discardRatio: '' }, /--discard-ratio is ""; give/],
    [{ layers: '0-12' }, /--layers is "0-12"; give two blocks between 0 and 11, such as 0-11/],
    [{ layers: '5-3' }, /--layers is "5-3"; .*the lower first/],
    [{ layers: '-1' }, /--layers is "-1"; give/],
    [{ layers: '0-1-2' }, /--layers is "0-1-2"; give/],
    [{ layers: '1.5-3' }, /--layers is "1\.5-3"; give/],
    [{ layers: '' }, /--layers is ""; give/],
    [{ class: '1000' }, /no class 1000: give an index from 0 to 999/],
    [{ class: '87-1000' }, /no class 1000: give an index from 0 to 999/],
    [{ class: '87-87' }, /difference of a class with itself; give two classes/],
    [{ class: '87,' }, /The class is empty/],
    [{ class: 'basset..' }, /The class is empty/],
    [{ class: 'basset..basset' }, /difference of a class with itself/],
    [{ method: 'rollout,' }, /--method "rollout," has an empty name; separate names by one comma\./],
    [{ method: '' }, /--method is empty/],
    [{ method: 'rollout,lime' }, /There is no method "lime"/],
    [{ method: 'gradient-rollout', variant: 'best' }, /--variant is "best"; choose one of: relu-of-mean, /],
    [
      { variant: 'signed' },
      /--variant is no option of rollout; leave it out, or choose a method that has it\./,
    ],
    [{ method: 'vit-explain-rollout', layers: '0-3' }, /--layers is no option of vit-explain-rollout; leave/],
    [{ class: 'top0' }, /"top0" asks for 0 classes/],
    [{ class: 'qqqqqqqqqq' }, /No class is called "qqqqqqqqqq"/],
    [{ weights: '' }, /--weights is empty, .*; give a value/],
    [{ out: '' }, /--out is empty/],
    [{ threads: '0' }, /--threads is "0"; give a number of threads from 1 to 1024\./],
    [{ threads: 'half' }, /--threads is "half"/],
    [{ adapter: ' ' }, /--adapter is empty/],
    [{ image: [''] }, /The path of a picture is empty/],
  ])('%j is refused', (raw, message) => {
    expect(() => check(raw)).toThrow(UsageError);
    expect(() => check(raw)).toThrow(message);
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

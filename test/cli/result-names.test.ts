import { describe, expect, test } from '@jest/globals';
import {
  classNameOf,
  expectationsOf,
  expectedClassName,
  resultName,
  uniqueStems,
  type Naming,
} from '../../src/cli/result-names.js';
import {
  attention,
  attentionFrom,
  chooseMethods,
  colormapNames,
  demoModel,
  findMethod,
  findModel,
  gradientRollout,
  gradientRolloutVariants,
  methods,
  defaultModelName,
  queryKey,
  rollout,
  sizesOf,
  type AnyMethod,
  type ChosenMethod,
  type ResolvedTarget,
} from '../../src/index.js';

describe('uniqueStems', () => {
  const long = 'ä'.repeat(100);
  test.each([
    [['x.png'], ['x']],
    [
      ['x.png', 'y.png'],
      ['x', 'y'],
    ],
    [
      ['x.png', 'x.jpg'],
      ['x.png', 'x.jpg'],
    ],
    [
      ['x.png', 'x.png', 'x.png'],
      ['x.png', 'x.png-2', 'x.png-3'],
    ],
    [
      ['x.png', 'x.png', 'x.png-2.jpg'],
      ['x.png', 'x.png-2', 'x.png-2-2'],
    ],
    [
      ['X.png', 'x.png'],
      ['X.png', 'x.png-2'],
    ],
    [
      ['x.tar.png', 'x', '.png'],
      ['x.tar', 'x', '.png'],
    ],
    [['ä ö.png'], ['ä ö']],
    [['�.png'], ['�']],
    // Each of these letters takes two bytes, of which the result's name has but so many.
    [[`${long}.png`], ['ä'.repeat(70)]],
    [[`x${long}.png`], [`x${'ä'.repeat(69)}`]],
    [
      [`${long}.png`, `${long}e.png`],
      ['ä'.repeat(70), `${'ä'.repeat(70)}-2`],
    ],
  ])('%j', (files, stems) => {
    expect(uniqueStems(files)).toEqual(stems);
  });
});

const deit = findModel(defaultModelName);
const plain = { model: deit, weights: undefined, score: 'logit', colormap: undefined } as const;

/** A method with options as they are given. */
function chosen(
  method: AnyMethod,
  given: Readonly<Record<string, unknown>> = {},
  model = deit,
): ChosenMethod {
  return chooseMethods([method], given, model.config)[0];
}

describe('the name of a result', () => {
  test.each<[string, AnyMethod, Record<string, unknown>]>([
    ['rollout', rollout, {}],
    ['rollout', rollout, { headFusion: 'mean', discardRatio: 0, layers: [0, 11] }],
    ['rollout.max', rollout, { headFusion: 'max' }],
    ['rollout.max.discard-ratio-0.9', rollout, { headFusion: 'max', discardRatio: 0.9 }],
    ['rollout.layers-0-5', rollout, { layers: [0, 5] }],
    ['gradient-rollout.signed', gradientRollout, { variant: 'signed' }],
    // What does not matter to the map is no difference.
    ['gradient-rollout', gradientRollout, { headFusion: 'max' }],
    ['attention', attention, { heads: 'fused', block: 11 }],
    ['attention.block-0.heads-all', attention, { heads: 'all', block: 0, headFusion: 'max' }],
    ['attention.heads-2', attention, { heads: 2 }],
    ['attention-from.patch-0-13', attentionFrom, { patch: [0, 13] }],
    ['query-key.head-1.channel-63', queryKey, { head: 1, channel: 63 }],
    ['gradient-rollout.grad-times-fused.max', gradientRollout, { headFusion: 'max', variant: 'grad-times-fused' }],
  ])('%s', (name, method, given) => {
    expect(resultName(chosen(method, given), undefined, plain)).toBe(name);
  }); // prettier-ignore

  test('ends with the class', () => {
    const of = (target: ResolvedTarget | undefined): string =>
      resultName(chosen(gradientRollout, { discardRatio: 0.9 }), classNameOf({ target }), plain);
    expect(of({ kind: 'class', index: 281 })).toBe('gradient-rollout.discard-ratio-0.9.281');
    expect(of({ kind: 'contrast', index: 87, against: 161 })).toBe(
      'gradient-rollout.discard-ratio-0.9.87-161',
    );
    expect(of(undefined)).toBe('gradient-rollout.discard-ratio-0.9');
    expect(of({ kind: 'feature', index: 7 })).toBe('gradient-rollout.discard-ratio-0.9.feature-7');
    expect(of({ kind: 'norm' })).toBe('gradient-rollout.discard-ratio-0.9.norm');
    const similar = { kind: 'similarity', to: new Float32Array(1), name: '/a/b/other.png' } as const;
    expect(of(similar)).toBe('gradient-rollout.discard-ratio-0.9.similarity-other');
  });

  test('has the model that is not the default, and whatever checkpoint was asked for', () => {
    const { name } = demoModel;
    expect(resultName(chosen(rollout, {}, demoModel), undefined, { ...plain, model: demoModel })).toBe(`${name}.rollout`);
    // All of its layers are the default of a model with fewer, too.
    expect(resultName(chosen(rollout, { layers: [0, 5] }, demoModel), undefined, { ...plain, model: demoModel })).toBe(`${name}.rollout`);
    const of = (weights: string): string => resultName(chosen(rollout), undefined, { ...plain, weights });
    expect(of('/a/tuned.safetensors')).toBe('tuned.rollout');
    expect(of(`/a/${deit.name}.safetensors`)).toBe(`${deit.name}.rollout`);
    expect(of('/a/\u001b[31m.safetensors')).toBe('%1B[31m.rollout');
  }); // prettier-ignore

  test('has the size that was asked for', () => {
    const of = (imageSize: Naming['imageSize'], more: Partial<Naming> = {}): string =>
      resultName(chosen(rollout), undefined, { ...plain, ...more, imageSize });
    expect(of(undefined)).toBe('rollout');
    expect(of(384)).toBe('size-384.rollout');
    expect(of([384, 512])).toBe('size-384x512.rollout');
    expect(of(384, { weights: '/a/tuned.safetensors' })).toBe('tuned.size-384.rollout');
  });

  test('has the colour map that was asked for, if it is not what suits the map', () => {
    const of = (method: ChosenMethod, colormap: (typeof colormapNames)[number]): string =>
      resultName(method, undefined, { ...plain, colormap });
    expect(of(chosen(rollout), 'viridis')).toBe('rollout.viridis');
    expect(of(chosen(rollout), 'turbo')).toBe('rollout');
    const signed = chosen(gradientRollout, { variant: 'signed' });
    expect(of(signed, 'turbo')).toBe('gradient-rollout.signed.turbo');
    expect(of(signed, 'rdbu_r')).toBe('gradient-rollout.signed');
  });

  test('differs wherever what matters differs', () => {
    const values: Readonly<Record<string, readonly unknown[]>> = {
      variant: gradientRolloutVariants,
      headFusion: ['mean', 'max', 'min'],
      discardRatio: [0, 0.5, 0.05, 1e-7],
      layers: [[0, 11], [0, 1], [1, 11], [11, 11]],
      block: [0, 3, 11],
      biases: ['with', 'without'],
      scaling: ['min-max', 'none'],
      form: ['evidence', 'spread'],
      heads: ['fused', 'all', 2],
      head: [0, 2],
      channel: ['all', 0, 63],
      patch: [[7, 7], [0, 13]],
      steps: [32, 8],
      at: ['value', 'mixed'],
    }; // prettier-ignore
    const named = new Map<string, string>();
    for (const method of methods) {
      const names = Object.keys(method.options(sizesOf(deit.config)));
      let givens: Record<string, unknown>[] = [{}];
      for (const name of names) {
        givens = givens.flatMap((given) => values[name].map((value) => ({ ...given, [name]: value })));
      }
      for (const given of givens) {
        const one = chosen(method, given);
        for (const colormap of [
          undefined,
          ...colormapNames.filter((name) => !/turbo|rdbu_r|gray/.test(name)),
        ]) {
          for (const target of [
            undefined,
            { kind: 'class', index: 0 },
            { kind: 'contrast', index: 0, against: 1 },
            { kind: 'class', index: 1 },
          ] as const) {
            const name = resultName(one, classNameOf({ target }), { ...plain, colormap });
            const what = JSON.stringify([method.name, one.options, colormap, target]);
            expect([name, named.get(name) ?? what]).toEqual([name, what]);
            named.set(name, what);
          }
        }
      }
    }
    expect(named.size).toBeGreaterThan(methods.length * 100);
  });

  test('is expected before the run, with any class where it is not known', () => {
    expect(expectedClassName({ kind: 'class', index: 3 })).toBe('3');
    expect(expectedClassName({ kind: 'contrast', index: 3, against: 4 })).toBe('3-4');
    const expected = resultName(chosen(findMethod('chefer-iccv21')), expectedClassName({ kind: 'rank', rank: 1 }), plain);
    expect(expectationsOf('chefer-iccv21.281')).toContain(expected);
    for (const other of ['chefer-iccv21', 'chefer-iccv21.3-4', 'chefer-iccv21.layers-0-5.3', 'rollout']) {
      expect(expectationsOf(other)).toContain(other);
      expect(expectationsOf(other)).not.toContain(expected);
    }
  }); // prettier-ignore
});

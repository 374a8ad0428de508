import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator } from '../support/random.js';
import { randomValues } from '../support/random.js';

const { config } = v.findModel('deit_tiny_patch16_224');

/** Options of each that was chosen. */
const optionsOf = (chosen: readonly v.ChosenMethod[]): unknown[] => chosen.map(({ options }) => options);

describe('a strip', () => {
  const blocks = Array.from({ length: 12 }, (_, block) => block);

  test('goes through the blocks of what looks at one, with the heads fused, or each', () => {
    const fused = { heads: 'fused', headFusion: 'max' };
    const layers = v.chooseStrip(v.attention, 'layers', { headFusion: 'max' }, config);
    expect(optionsOf(layers)).toEqual(blocks.map((block) => ({ ...fused, block })));
    expect(optionsOf(v.chooseStrip(v.attention, 'heads', { block: 3 }, config))).toEqual([
      { heads: 'all', block: 3 },
    ]);
    expect(optionsOf(v.chooseStrip(v.attention, 'heads', {}, config))).toEqual([{ heads: 'all', block: 11 }]);
    expect(optionsOf(v.chooseStrip(v.attention, 'all', {}, config))).toEqual(
      blocks.map((block) => ({ heads: 'all', block })),
    );
  });

  test('takes each layer alone of what has layers, and a view of blocks as it is', () => {
    const one = { headFusion: 'mean', discardRatio: 0.5 };
    expect(
      optionsOf(v.chooseStrip(v.rollout, 'layers', { discardRatio: 0.5, layers: [9, 11] }, config)),
    ).toEqual([9, 10, 11].map((layer) => ({ ...one, layers: [layer, layer] })));
    expect(v.chooseStrip(v.tokenNorms, 'layers', { layers: [2, 5] }, config)).toEqual([
      { method: v.tokenNorms, options: { layers: [2, 5] } },
    ]);
  });

  test.each<[v.AnyMethod, v.Strip, Record<string, unknown>, RegExp]>([
    [v.rollout, 'heads', {}, /^rollout has no option heads to go through; choose one that has: attention, .*query-key-product\.$/],
    [v.inputGradient, 'layers', {}, /^input-gradient has no option block or layers to go through; choose one that has: /],
    [v.attention, 'layers', { block: 2 }, /^A strip of layers goes through every block; leave block out\.$/],
    [v.attention, 'heads', { heads: 2 }, /^A strip of heads goes through every head; leave heads out\.$/],
    [v.rollout, 'layers', { layers: [3, 12] }, /layers is \[3, 12\]; give two blocks between 0 and 11/],
  ])('of %j, %s with %j is refused', (method, strip, given, message) => {
    expect(() => v.chooseStrip(method, strip, given, config)).toThrow(v.UsageError);
    expect(() => v.chooseStrip(method, strip, given, config)).toThrow(message);
  }); // prettier-ignore

  test('computes at each layer what the method computes there alone', async () => {
    const model = new v.VisionTransformer(v.demoModel.config);
    const random = generator();
    const backend = new v.ReferenceBackend();
    for (const [, parameter] of model.namedParameters())
      parameter.assign(randomValues(parameter.size, random, -0.1, 0.1));
    const preprocessing = { ...v.scenesPreprocessing(72) };
    const subject = { model, preprocessing };
    const picture = {
      width: 90,
      height: 80,
      data: Uint8Array.from({ length: 3 * 90 * 80 }, (_, i) => (i * i) % 251),
    };
    const run = async (methods: readonly v.ChosenMethod[]): Promise<readonly v.ComputedMap[]> => {
      const explainer = await v.Explainer.create(subject, backend, { methods });
      const [{ maps }] = await explainer.explain([explainer.makeReady(picture)], [[]]);
      explainer.dispose();
      return maps;
    };
    const maps = await run(v.chooseStrip(v.attention, 'layers', {}, v.demoModel.config));
    expect(maps).toHaveLength(v.demoModel.config.depth);
    const [alone] = await run(v.chooseMethods([v.attention], { block: 2 }, v.demoModel.config));
    expect(maps[2].values).toEqual(alone.values);
    expect(maps[3].values).not.toEqual(alone.values);
  });
});

describe('a sweep', () => {
  test('has each value of the option, beside what else is given', () => {
    const chosen = v.chooseSweep(
      v.rollout,
      { option: 'discardRatio', values: [0, 0.5] },
      { headFusion: 'min' },
      config,
    );
    expect(optionsOf(chosen)).toEqual(
      [0, 0.5].map((discardRatio) => ({ headFusion: 'min', discardRatio, layers: [0, 11] })),
    );
  });

  test('of an option that the method has not, or a value that it does not take, is refused', () => {
    expect(() => v.chooseSweep(v.rollout, { option: 'variant', values: ['signed'] }, {}, config)).toThrow(
      'rollout has no option variant to go through; choose one that has: gradient-rollout.',
    );
    expect(() => v.chooseSweep(v.rollout, { option: 'discardRatio', values: [0, 1] }, {}, config)).toThrow(
      'discardRatio is 1; give a number from 0 up to, but not including, 1.',
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microModel } from '../support/models.js';
import { generator, randomValues } from '../support/random.js';

/** Maps of every method that drops attention, with all of it dropped. */
describe('with nearly all attention dropped', () => {
  const { model } = microModel();
  const preprocessing = v.scenesPreprocessing(32);
  const dropping = v.methods.filter((method) => 'discardRatio' in method.options(v.unknownSizes));

  async function explained(method: v.AnyMethod, random: () => number): Promise<v.ExplainedPicture> {
    const methods = v.chooseMethods([method], { discardRatio: 0.99999 }, model.config);
    const explainer = await v.Explainer.create({ model, preprocessing }, new v.ReferenceBackend(), {
      methods,
    });
    const data = Uint8Array.from(randomValues(3 * 32 * 32, random, 0, 256));
    const ready = explainer.makeReady({ width: 32, height: 32, data });
    const targets: v.ClassTarget[] = method.of === 'class' ? [{ kind: 'rank', rank: 0 }] : [];
    const [result] = await explainer.explain([ready], [targets]);
    return result;
  }

  test.each(dropping.map((method) => [method.name, method] as const))(
    '%s is shown, told to be flat or refused, and never silent',
    async (_, method) => {
      const { maps, logits } = await explained(method, generator());
      const [map] = maps;
      const isNumber = map.values.every(Number.isFinite);
      const isFlat = isNumber && new Set(map.values).size === 1;
      const about = `the map of ${method.name} (`;
      const remedy = 'give other options, such as a discard ratio below 0.99999';
      expect(v.whyNoNumbers(map)?.startsWith(about) ?? false).toBe(!isNumber);
      expect(v.whyNoNumbers(map)?.endsWith(remedy) ?? false).toBe(!isNumber);
      expect(v.whyFlat(map)?.startsWith(about) ?? false).toBe(isFlat);
      expect(v.whyFlat(map)?.endsWith(remedy) ?? false).toBe(isFlat);
      if (isNumber) {
        const device = { backend: 'reference', adapter: '' };
        const timings = { load_ms: 0, compile_ms: 0, run_ms: 0, total_ms: 0 };
        const about = { image: { width: 32, height: 32 }, model: { name: 'm', weights: '', sha256: '' } };
        const labels = ['a', 'b', 'c', 'd', 'e'];
        const document = v.documentOf({ logits, maps }, labels, { ...about, device, timings });
        expect(document.explanations[0].note).toBe(v.whyFlat(map));
      }
    },
  );

  test('every map of a picture of one colour is finite, and one that is the same everywhere is said to be', async () => {
    const every = [...v.methods, ...v.findMethods('all'), v.findMethod('smooth-input-gradient')];
    const methods = [...new Map(every.map((method) => [method.name, method])).values()].flatMap((method) => {
      const options = Object.keys(method.options(v.unknownSizes));
      const few = { steps: 3, samples: 2 };
      const own = Object.entries(few).filter(([name]) => options.includes(name));
      return v.chooseMethods([method], Object.fromEntries(own), model.config);
    });
    const explainer = await v.Explainer.create({ model, preprocessing }, new v.ReferenceBackend(), {
      methods,
      ranks: 0,
    });
    const size = v.sizeOf(model.inputShape);
    const pictureOf = (value: number): v.ReadyPicture => {
      const [ready, ...others] = explainer.makeReady({
        ...{ width: 32, height: 32 },
        data: new Uint8Array(3 * 32 * 32).fill(value),
      });
      return [ready, ...others];
    };
    const black = pictureOf(0);
    const pictures = {
      black,
      white: pictureOf(255),
      grey: pictureOf(77),
      // The mean colour, which no whole number is here.
      zeros: black.map((form) => ({ ...form, values: new Float32Array(size) })),
    };
    const flat: string[] = [];
    for (const [colour, ready] of Object.entries(pictures)) {
      const [{ maps }] = await explainer.explain([ready], [[{ kind: 'class', index: 1 }]]);
      expect(maps).toHaveLength(methods.length);
      for (const map of maps) {
        const all = [map.values, map.readings ?? [], ...Object.values(map.numbers ?? {})];
        const isFinite = all.every((values) => values.every(Number.isFinite));
        expect({ colour, method: map.method.name, isFinite }).toEqual({
          colour,
          method: map.method.name,
          isFinite: true,
        });
        expect(v.whyNoNumbers(map)).toBeUndefined();
        const isFlat = new Set(map.values).size === 1;
        expect(v.whyFlat(map) !== undefined).toBe(isFlat);
        if (isFlat) flat.push(`${map.method.name} of ${colour}`);
      }
    }
    // Times an input of zeros, all that is at the pixels is 0.
    expect(flat).toEqual(
      expect.arrayContaining([
        'input-gradient of zeros',
        'integrated-gradients of zeros',
        'smooth-input-gradient of zeros',
      ]),
    );
    expect(flat).not.toContain('rollout of zeros');
    explainer.dispose();
  });

  // Else a ratio that drops nothing would pass above.
  test('one is flat, and one no numbers', async () => {
    const [flat] = (await explained(v.rollout, generator(7))).maps;
    expect(new Set(flat.values)).toEqual(new Set([0]));
    const [none] = (await explained(v.vitExplainRollout, generator(7))).maps;
    expect(none.values.some(Number.isNaN)).toBe(true);
  });

  const [rollout] = v.chooseMethods([v.rollout], { discardRatio: 0.5 }, model.config);
  const mapOf = (...values: number[]): v.ComputedMap => ({
    ...rollout,
    values: Float32Array.from(values),
    grid: [1, values.length],
    target: undefined,
    score: undefined,
    geometry: v.preprocess({ width: 1, height: 1, data: new Uint8Array(3) }).geometry,
  });

  test('what is wrong is said in full', () => {
    expect(v.whyFlat(mapOf(0, 0, 0))).toBe(
      'the map of rollout (headFusion mean, discardRatio 0.5, layers 0-1) is 0 everywhere: nothing is left to see; ' +
        'give other options, such as a discard ratio below 0.5',
    );
    expect(v.whyFlat(mapOf(0, 0.1))).toBeUndefined();
    expect(v.whyNoNumbers(mapOf(1, NaN))).toMatch(
      /layers 0-1\) holds values that are no numbers; give other/,
    );
    expect(v.whyNoNumbers(mapOf(1, 0))).toBeUndefined();
  });
});

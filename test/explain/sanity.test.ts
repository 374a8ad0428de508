import { expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { difference } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

/*
 * What explains a model must change when its weights do. Source: Adebayo et al., "Sanity Checks for Saliency Maps", 2018.
 */
test(`other weights change every map (seed ${seed})`, async () => {
  const random = generator();
  const every = [...v.methods, ...v.findMethods('all'), v.findMethod('smoothgrad')];
  const methods = [...new Map(every.map((method) => [method.name, method])).values()].flatMap((method) => {
    const options = Object.keys(method.options(v.unknownSizes));
    const few = Object.entries({ steps: 3, samples: 2 }).filter(([name]) => options.includes(name));
    return v.chooseMethods([method], Object.fromEntries(few), microModel().model.config);
  });
  expect(methods.length).toBeGreaterThan(40);
  const picture = { width: 32, height: 32, data: Uint8Array.from(randomValues(3 * 32 * 32, random, 0, 256)) };
  const mapsOf = async (
    mutate: (name: string, values: Float32Array) => Float32Array,
  ): Promise<readonly v.ComputedMap[]> => {
    const { model, golden } = microModel();
    for (const [name, parameter] of model.namedParameters()) {
      parameter.assign(mutate(name, golden(`init.${name}`).values as Float32Array));
    }
    const explainer = await v.Explainer.create(
      { model, preprocessing: v.scenesPreprocessing(32) },
      new v.ReferenceBackend(),
      { methods, ranks: 0 },
    );
    const [{ maps }] = await explainer.explain(
      [explainer.makeReady(picture)],
      [[{ kind: 'class', index: 2 }]],
    );
    explainer.dispose();
    return maps;
  };
  const original = await mapsOf((_, values) => values);
  const again = await mapsOf((_, values) => values);
  const mutated = await mapsOf((name, values) =>
    /^blocks.*(qkv|fc\d|proj)\.weight$/.test(name)
      ? values.map((value) => value + 0.2 * (2 * random() - 1))
      : values,
  );
  const unchanged = original.filter((map, position) => {
    expect(again[position].values).toEqual(map.values);
    return !(difference(mutated[position].values, map.values).relative > 0.01);
  });
  // Grad-CAM may have been rectified away before and after.
  const empty = (map: v.ComputedMap): boolean => map.values.every((value) => value === 0);
  expect(unchanged.filter((map) => !empty(map)).map(({ method }) => method.name)).toEqual([]);
  expect(unchanged.length).toBeLessThan(5);
});

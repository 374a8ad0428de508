import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { throughNormalised } from '../../src/explain/propagation.js';
import * as v from '../../src/index.js';
import { evaluate, useBackends, oneBackend } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';
import { referenceFolder } from '../support/reference.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

/*
 * What holds of explanations whatever the model is like: prefix tokens or none, poolings, norms, activations, oblong grids.
 */
const full = referenceFolder === undefined ? undefined : join(referenceFolder, 'zoo', 'models');
const folder = full !== undefined && existsSync(full) ? full : zooFixtures;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.golden.safetensors'))
  .map((file) => file.replace('.golden.safetensors', ''));

const known = v.findMethods('all,views');

/** Of a map's largest number; of one that is nearly nothing, of that much. */
const [tolerance, least] = [2e-4, 1e-3];

const backends = useBackends();

/** The sum of products of two tensors' elements. */
const inner = (a: v.Tensor, b: v.Tensor): v.Tensor => v.sum(v.multiply(a, b));

describe.each(names)(`explanations of %s (seed ${seed})`, (name) => {
  const { model } = zooModel(folder, name);
  const outputs = model.call(v.input('image', [1, ...model.inputShape])).shape[1];
  const random = generator();
  const pictures = [0, 1].map(() => randomValues(v.sizeOf(model.inputShape), random));
  const both = Float32Array.from(pictures.flatMap((picture) => [...picture]));
  const seeds = randomValues(2 * outputs, random);

  const passFor = (batch: number, of = seeds): v.Explained => {
    const pass = v.forwardPass(model, v.input('image', [batch, ...model.inputShape]));
    return v.explained(pass, v.constant(of, [batch, outputs]));
  };
  const mapsOf = (pass: v.Explained): Record<string, v.Tensor> =>
    Object.fromEntries(known.map((method) => [method.name, method.map(pass)]));

  test('every method has a map of each picture, whatever lies beside it', async () => {
    const pass = passFor(2);
    const together = mapsOf(pass);
    const found = await evaluate(together, backends[oneBackend], { image: both });
    for (const [method, { shape }] of Object.entries(together)) {
      const captions = v.findMethod(method).captions?.(pass);
      const maps = captions === undefined ? [] : [captions.length];
      expect({ method, shape }).toEqual({ method, shape: [2, ...maps, ...model.geometry.grid] });
      expect(found[method].every(Number.isFinite)).toBe(true);
    }
    const half = (values: v.Values, i: number): v.Values =>
      values.slice((i * values.length) / 2, ((i + 1) * values.length) / 2);
    for (const [i, image] of pictures.entries()) {
      const alone = await evaluate(mapsOf(passFor(1, half(seeds, i) as Float32Array)), backends[oneBackend], {
        image,
      });
      for (const method of Object.keys(together)) {
        const scale = Math.max(least, ...found[method].map(Math.abs));
        const { absolute } = difference(half(found[method], i), alone[method]);
        expect({ method, isClose: absolute <= tolerance * scale }).toEqual({
          method,
          isClose: true,
        });
      }
    }
  });

  test('attention is passed on whole: what prefix and patches get in a rollout sums to 1', async () => {
    const pass = passFor(2);
    const { prefixTokens } = pass.layout;
    const fused = pass.layers.map(({ attention }) => v.mean(attention, { axes: 1 }));
    const row = fused.reduceRight((x, matrix) => throughNormalised(x, matrix), pass.query);
    const { sums, patches, map, query } = await evaluate(
      {
        sums: v.sum(row, { axes: [1, 2] }),
        patches: v.slice(row, 2, prefixTokens),
        map: v.rollout.map(pass),
        query: v.sum(pass.query, { axes: [1, 2] }),
      },
      backends.reference,
      { image: both },
    );
    expect([...sums, ...query].every((sum) => Math.abs(sum - 1) < 1e-12)).toBe(true);
    expect(difference(map, patches).absolute).toBeLessThan(1e-12);
  });

  test('under the rules that hold what is not linear, evidence and biases sum to the score', async () => {
    const pass = passFor(2);
    const [{ tokens }] = pass.layers;
    const biases = [...model.namedParameters()]
      .filter(([parameter]) => isBiasBehind(parameter))
      .map(([, p]) => p);
    const [ofTokens, ...ofBiases] = pass.gradient([tokens, ...biases], v.libra);
    const parts = [inner(tokens, ofTokens), ...biases.map((bias, i) => inner(bias, ofBiases[i]))];
    const { score, ...found }: Record<string, v.Values> = await evaluate(
      {
        score: v.sum(pass.score),
        ...Object.fromEntries(parts.map((part, i) => [`part.${i}`, part])),
      },
      backends.reference,
      { image: both },
    );
    const sum = Object.values(found).reduce((total, values) => total + values[0], 0);
    expect(Math.abs(sum - score[0]) / Math.max(1, Math.abs(score[0]))).toBeLessThan(1e-9);
  });
});

/** Of a bias whose effect is not part of the tokens that enter the first block. */
function isBiasBehind(parameter: string): boolean {
  return /bias$/.test(parameter) && !/^(patch_embed|norm_pre)\./.test(parameter);
}

import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { referenceFolder } from '../support/reference.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

/*
 * Small models of every kind, computed by timm's own code in float64. timm's own distance in float32 is the yardstick: five
 * times that is allowed, as the sums are taken in another order.
 */
const full = referenceFolder === undefined ? undefined : join(referenceFolder, 'zoo', 'models');
const folder = full !== undefined && existsSync(full) ? full : zooFixtures;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.golden.safetensors'))
  .map((file) => file.replace('.golden.safetensors', ''));

describe(`models of every kind against timm in float64 (${names.length})`, () => {
  const backends = useBackends();

  /** The outputs that are further from timm's than they may be, on any backend. */
  async function tooFar(
    outputs: Readonly<Record<string, v.Tensor>>,
    { golden, tolerance }: Pick<ReturnType<typeof zooModel>, 'golden' | 'tolerance'>,
  ): Promise<string[]> {
    const off: string[] = [];
    for (const backend of backendNames) {
      const found = await evaluate(outputs, backends[backend], {
        image: golden('input').values as Float32Array,
      });
      for (const output of Object.keys(outputs)) {
        const expected = golden(output);
        expect(outputs[output].shape).toEqual(expected.shape);
        const { max_abs: distance, scale } = tolerance[output];
        // In float64 it is the same formula, but for GELU's, which is exact to 2e-10.
        const allowed = backend === 'reference' ? 1e-8 * scale : 5 * distance;
        const { absolute } = difference(found[output], expected.values);
        if (!(absolute <= allowed)) off.push(`${output} on ${backend}: ${absolute} of ${allowed}`);
      }
    }
    return off;
  }

  test.each(names)('%s', async (name) => {
    const { model, golden, tolerance, target } = zooModel(folder, name);
    const image = v.input('image', golden('input').shape);
    const pass = v.explained(v.forwardPass(model, image), v.constant(target, [2, target.length / 2]));
    const attentions = pass.layers.map(({ attention }) => attention);
    const [inputGradient, ...gradients] = pass.gradient([image, ...attentions]);
    const outputs: Record<string, v.Tensor> = {
      logits: pass.logits,
      input_grad: inputGradient,
      embed: v.slice(pass.layers[0].tokens, 0, 0, 1),
      ...numbered('attn', attentions),
      ...numbered('attn_grad', gradients),
      ...numbered(
        'block',
        pass.layers.map(({ after }) => v.slice(after, 0, 0, 1)),
      ),
    };
    expect(await tooFar(outputs, { golden, tolerance })).toEqual([]);
  });

  test('the two classifiers of a distilled model, each for itself', async () => {
    const { model, ...timm } = zooModel(folder, 'deit_distilled');
    const { layers } = v.forwardPass(model, v.input('image', timm.golden('input').shape));
    const [logits_class, logits_distillation] = model.classifications(layers[layers.length - 1].after);
    expect(await tooFar({ logits_class, logits_distillation }, timm)).toEqual([]);
  });

  test("the attention of an attention pooling, its gradient, and the query's row that is its mean", async () => {
    const { model, target, ...timm } = zooModel(folder, 'siglip_map');
    const image = v.input('image', timm.golden('input').shape);
    const { output, recorded } = v.record(model, image, /^attn_pool\.attn_drop$/);
    const pool_attn = recorded.get('attn_pool.attn_drop')!;
    const seed = v.constant(target, output.shape);
    const [pool_attn_grad] = v.gradient(output, [pool_attn], { seed });
    expect(await tooFar({ pool_attn, pool_attn_grad }, timm)).toEqual([]);

    const { query } = v.forwardPass(model, image);
    const { actual, expected } = await evaluate(
      { actual: query, expected: v.mean(pool_attn, { axes: 1 }) },
      backends.reference,
      { image: timm.golden('input').values as Float32Array },
    );
    expect(difference(actual, expected).absolute).toBeLessThan(1e-12);
  });

  test.each(names)("the gradients of all parameters of %s, under timm's names", async (name) => {
    const { model, golden, target, parameterNames } = zooModel(folder, name);
    const image = v.constant(golden('input').values as Float32Array, golden('input').shape);
    const logits = model.call(image);
    const parameters = [...model.namedParameters()];
    expect(parameters.map(([own]) => own)).toEqual(parameterNames);
    const seed = v.constant(target, logits.shape);
    const gradients = v.gradient(
      logits,
      parameters.map(([, parameter]) => parameter),
      { seed },
    );
    const found = await evaluate(numbered('gradient', gradients), backends.reference);
    const sums = parameters.flatMap((_, i) => {
      const values = Array.from(found[`gradient.${i}`]);
      const absolute = values.reduce((sum, value) => sum + Math.abs(value), 0);
      return [values.reduce((sum, value) => sum + value, 0), absolute];
    });
    const expected = golden('param_grad_sums').values;
    const largest = Math.max(...expected.map(Math.abs));
    expect(difference(sums, expected).absolute).toBeLessThan(1e-9 * largest);
  });
});

function numbered(name: string, tensors: readonly v.Tensor[]): Record<string, v.Tensor> {
  return Object.fromEntries(tensors.map((tensor, i) => [`${name}.${i}`, tensor]));
}

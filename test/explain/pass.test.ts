import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

describe(`a forward pass as methods see it (seed ${seed})`, () => {
  const { model } = microModel();
  const { depth, classes } = model.config;
  const shape = [2, ...model.inputShape];
  const [image, other] = [v.input('image', shape), v.input('other', shape)];
  const random = generator();
  const given = {
    image: randomValues(v.sizeOf(shape), random),
    other: randomValues(v.sizeOf(shape), random),
  };
  const shares = randomValues(2 * classes, random);
  const weights = v.constant(shares, [2, classes]);
  const valuesOf = <Names extends string>(
    outputs: Readonly<Record<Names, v.Tensor>>,
  ): Promise<Record<Names, v.Values>> => evaluate(outputs, new v.ReferenceBackend(), given);

  test('keeps what each module is given or returns, first block first', async () => {
    const { layers } = v.forwardPass(model, image);
    expect(layers).toHaveLength(depth);
    const { recorded, inputs } = v.record(model, image, /./);
    for (const [i, layer] of layers.entries()) {
      const block = `blocks.${i}`;
      const expected: Record<Exclude<keyof v.Layer, 'biases'>, v.Tensor> = {
        normed: recorded.get(`${block}.norm1`)!,
        mixed: inputs.get(`${block}.attn.norm`)!,
        attention: recorded.get(`${block}.attn.attn_drop`)!,
        query: recorded.get(`${block}.attn.q_norm`)!,
        key: recorded.get(`${block}.attn.k_norm`)!,
        value: recorded.get(`${block}.attn.v_norm`)!,
        hidden: inputs.get(`${block}.mlp.norm`)!,
        tokens: inputs.get(block)!,
        middle: inputs.get(`${block}.norm2`)!,
        after: recorded.get(block)!,
      };
      const { biases, ...tensors } = layer;
      expect(await valuesOf(tensors)).toEqual(await valuesOf(expected));
      const names = ['norm1', 'attn.qkv', 'attn.proj', 'norm2', 'mlp.fc1', 'mlp.fc2'].map(
        (name) => `${block}.${name}`,
      );
      const parameters = new Map(model.namedParameters());
      expect(biases.map(({ bias }) => bias)).toEqual(names.map((name) => parameters.get(`${name}.bias`)));
      for (const [j, { output }] of biases.entries()) {
        expect(await valuesOf({ output })).toEqual(await valuesOf({ output: recorded.get(names[j])! }));
      }
    }
  });

  test('has as many layers as the model, more than ten too', () => {
    const deep = new v.VisionTransformer({ ...model.config, depth: 11 });
    const { layers } = v.forwardPass(deep, image);
    expect(layers).toHaveLength(11);
    for (let i = 1; i < 11; i++) expect(layers[i].tokens).toBe(layers[i - 1].after);
  });

  test('classifies tokens, and applies the model to another image', async () => {
    const pass = v.forwardPass(model, image);
    const { logits, classified, again, apart } = await valuesOf({
      logits: pass.logits,
      classified: pass.classify(pass.layers[depth - 1].after),
      again: pass.again(other).logits,
      apart: v.forwardPass(model, other).logits,
    });
    expect(classified).toEqual(logits);
    expect(again).toEqual(apart);
    expect(difference(again, logits).relative).toBeGreaterThan(1e-3);
  });

  test('together with a seed has the score of each image, on another image too', async () => {
    const pass = v.explained(v.forwardPass(model, image), weights);
    expect(pass.score.shape).toEqual([2]);
    const { score, logits, again, otherLogits } = await valuesOf({
      score: pass.score,
      logits: pass.logits,
      again: pass.again(other).score,
      otherLogits: v.forwardPass(model, other).logits,
    });
    const scored = (of: v.Values): number[] =>
      [0, 1].map((row) => {
        const own = Array.from(of.subarray(row * classes, (row + 1) * classes));
        return own.reduce((sum, logit, i) => sum + logit * shares[row * classes + i], 0);
      });
    expect(difference(score, scored(logits)).absolute).toBeLessThan(1e-12);
    expect(difference(again, scored(otherLogits)).absolute).toBeLessThan(1e-12);
  });

  test('works out a gradient once, under each set of rules anew', async () => {
    const pass = v.explained(v.forwardPass(model, image), weights);
    const [{ query, middle }] = pass.layers;
    let passes = 0;
    v.observeGradient(pass.logits, () => passes++);
    const [first] = pass.gradient([query]);
    expect(pass.gradient([query])[0]).toBe(first);
    expect(passes).toBe(1);
    const [second, third] = pass.gradient([middle, query]);
    expect(third).toBe(first);
    expect(pass.gradient([query, middle])).toEqual([first, second]);
    const [ruled] = pass.gradient([query], v.activationAsFactor);
    expect(pass.gradient([query], v.activationAsFactor)[0]).toBe(ruled);
    const [expected, expectedRuled] = [{}, { rules: v.activationAsFactor }].map(
      (options) => v.gradient(pass.logits, [query], { seed: weights, ...options })[0],
    );
    const found = await valuesOf({ first, ruled, expected, expectedRuled });
    expect(found.first).toEqual(found.expected);
    expect(found.ruled).toEqual(found.expectedRuled);
    expect(difference(found.ruled, found.first).relative).toBeGreaterThan(1e-3);
  });

  test('refuses a model that lacks a module, by its name', () => {
    class Bare extends v.Module {
      readonly geometry = model.geometry;
      readonly blocks = [new v.Linear(2, 2)];
      protected override forward(x: v.Tensor): v.Tensor {
        return this.blocks[0].call(x);
      }
      classify(x: v.Tensor): v.Tensor {
        return x;
      }
      query(x: v.Tensor): v.Tensor {
        return x;
      }
    }
    expect(() => v.forwardPass(new Bare(), v.input('x', [1, 2]))).toThrow(
      new v.UsageError('The model has no module "blocks.0.norm1", which explanations look at.'),
    );
    const flat = new v.VisionTransformer({ ...model.config, depth: 0 });
    expect(() => v.forwardPass(flat, image)).toThrow(
      new v.UsageError('The model has no blocks, which explanations look at.'),
    );
  });
});

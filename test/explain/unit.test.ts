import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(['dinov2_reg4', 'deit_distilled', 'vit_patch_oblong', 'dinov2_giant_swiglu'])(
  `units of %s (seed ${seed})`,
  (name) => {
    const { model } = zooModel(zooFixtures, name);
    const { heads, width, depth } = model.config;
    const headWidth = width / heads;
    const [batch, tokens] = [2, v.tokenCount(model.geometry)];
    const pass = v.forwardPass(model, v.input('image', [batch, ...model.inputShape]));
    const block = depth - 1;
    const layer = pass.layers[block];
    const hidden = layer.hidden.shape[2];
    const [head, channel] = [heads - 1, headWidth - 2];

    test('are means over tokens of what is in the model', async () => {
      const image = randomValues(batch * v.sizeOf(model.inputShape), generator());
      const through = head * headWidth + channel;
      const units = {
        logit: `logit:${pass.logits.shape[1] - 1}`,
        mlp: `blocks.${block}.mlp:${hidden - 3}`,
        q: `blocks.${block}.q:${through}`,
        k: `blocks.${block}.k:${through}`,
        v: `blocks.${block}.v:${through}`,
        head: `blocks.${block}.head:${head}`,
      };
      const outputs: Record<string, v.Tensor> = {
        ...Object.fromEntries(
          Object.entries(units).map(([kind, unit]) => [kind, v.activationOf(pass, v.parseUnit(unit))]),
        ),
        all: pass.logits,
        hidden: layer.hidden,
        query: layer.query,
        key: layer.key,
        value: layer.value,
        attention: layer.attention,
      };
      const found = await evaluate(outputs, new v.ReferenceBackend(), { image });
      const images = range(batch);
      const over = (value: (image: number, token: number) => number): number[] =>
        images.map((i) => meanOf(range(tokens).map((t) => value(i, t))));
      const ofHead = (of: string, i: number, t: number, c = channel): number =>
        found[of][((i * heads + head) * tokens + t) * headWidth + c];
      const attended = (i: number, t: number): number =>
        meanOf(
          range(headWidth).map((c) =>
            range(tokens).reduce(
              (sum, s) =>
                sum +
                found['attention'][((i * heads + head) * tokens + t) * tokens + s] * ofHead('value', i, s, c),
              0,
            ),
          ),
        );
      const classes = pass.logits.shape[1];
      const expected = {
        logit: images.map((i) => found['all'][i * classes + classes - 1]),
        mlp: over((i, t) => found['hidden'][(i * tokens + t) * hidden + hidden - 3]),
        q: over((i, t) => ofHead('query', i, t)),
        k: over((i, t) => ofHead('key', i, t)),
        v: over((i, t) => ofHead('value', i, t)),
        // Of a model with a norm before the projection, that would lie between.
        head: over(attended),
      };
      for (const [kind, values] of Object.entries(expected)) {
        if (kind === 'head' && model.config.scaleNorm) continue;
        expectClose(found[kind], values, { absolute: 1e-9 });
      }
    });

    test('that are not there are refused', () => {
      const refusals: [string, string][] = [
        [`logit:${pass.logits.shape[1]}`, `the last of these in this model is logit:${pass.logits.shape[1] - 1}.`],
        [`blocks.${depth}.mlp:0`, `this model has blocks 0 to ${depth - 1}.`],
        [`blocks.0.mlp:${hidden}`, `the last of these in this model is blocks.0.mlp:${hidden - 1}.`],
        [`blocks.0.k:${width}`, `the last of these in this model is blocks.0.k:${width - 1}.`],
        [`blocks.0.head:${heads}`, `the last of these in this model is blocks.0.head:${heads - 1}.`],
      ]; // prettier-ignore
      for (const [unit, reason] of refusals) {
        expect(() => v.activationOf(pass, v.parseUnit(unit))).toThrow(
          new v.UsageError(`There is no ${unit}; ${reason}`),
        );
      }
    });
  },
);

test('what is spelled as a unit is one, and nothing else', () => {
  for (const unit of ['logit:0', 'blocks.11.mlp:767', 'blocks.0.q:1', 'blocks.3.k:2', 'blocks.4.v:3', 'blocks.7.head:2']) {
    expect(v.unitName(v.parseUnit(` ${unit} `))).toBe(unit);
  } // prettier-ignore
  expect(v.parseUnit('logit: a cat ', (name) => name.length)).toEqual({ kind: 'logit', block: 0, index: 5 });
  for (const text of ['', 'logit:', 'logit:-1', 'logit:x', 'logit:1.5', 'mlp:3', 'blocks.1.mlp', 'blocks.x.q:1', 'blocks.1.z:1', 'blocks.1.q:-1']) {
    expect(() => v.parseUnit(text)).toThrow(
      new v.UsageError(`There is no unit ${JSON.stringify(text)}; give one such as ${v.unitSpellings}.`),
    );
  } // prettier-ignore
});

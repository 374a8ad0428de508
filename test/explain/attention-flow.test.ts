import { describe, expect, test } from '@jest/globals';
import { LayeredFlow } from '../../src/explain/maximum-flow.js';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { finish } from '../support/finish.js';
import { microModel } from '../support/models.js';
import { passOf, type QueriedGeometry } from '../support/passes.js';
import { generator, randomValues, seed } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sumOf = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** What all edges carry that lead out of the tokens on the source's side, of every way of taking sides the least. */
function smallestCut(source: Float64Array, layers: readonly Float64Array[], token: number): number {
  const tokens = source.length;
  const inner = layers.length * tokens;
  let least = Infinity;
  for (let sides = 0; sides < 2 ** inner; sides++) {
    const isAbove = (layer: number, i: number): boolean =>
      layer < layers.length && ((sides >> (layer * tokens + i)) & 1) === 1;
    let cut = sumOf(source.filter((_, i) => !isAbove(0, i)));
    layers.forEach((carries, layer) => {
      for (let edge = 0; edge < carries.length; edge++) {
        const [from, to] = [Math.floor(edge / tokens), edge % tokens];
        const isWay = layer < layers.length - 1 || to === token;
        if (isWay && isAbove(layer, from) && !isAbove(layer + 1, to)) cut += carries[edge];
      }
    });
    least = Math.min(least, cut);
  }
  return least;
}

describe(`the largest flow (seed ${seed})`, () => {
  test.each([1, 2, 3])('through %i layers is the smallest cut, whatever is full or missing', (count) => {
    const random = generator();
    const tokens = count === 3 ? 3 : 4;
    // Few distinct numbers and many zeros: ways that get into each other's, and must be taken back.
    const some = (size: number): Float64Array =>
      Float64Array.from({ length: size }, () => (random() < 0.4 ? 0 : Math.ceil(random() * 5) / 8));
    let flowing = 0;
    for (const net of range(count === 1 ? 20 : 60)) {
      const source = some(tokens);
      const layers = range(count).map(() => some(tokens * tokens));
      const flow = new LayeredFlow(source, layers);
      // The same again: nothing is left of a flow to another token.
      for (const token of [...range(tokens), 0]) {
        expect({ net, token, flow: flow.to(token) }).toEqual({
          net,
          token,
          flow: expect.closeTo(smallestCut(source, layers, token), 9) as unknown,
        });
        flowing += Number(flow.to(token) > 0);
      }
    }
    expect(flowing).toBeGreaterThan(10);
  });

  test('a way that a greedy choice has blocked is opened again', () => {
    // From 0 both ways lead on, from 1 one alone, which the first way takes: 0 -> 0 -> 2 must give way to 0 -> 1 -> 2.
    const first = Float64Array.from([1, 1, 0]);
    const upper = Float64Array.from([...[1, 1, 0], ...[1, 0, 0], ...[0, 0, 0]]);
    const lower = Float64Array.from([...[0, 0, 1], ...[0, 0, 1], ...[0, 0, 0]]);
    expect(new LayeredFlow(first, [upper, lower]).to(2)).toBe(2);
  });

  test('attention of random nets: the smallest cut of two layers, rollout below it', async () => {
    const layout: QueriedGeometry = { prefixTokens: 2, grid: [1, 2], queryTokens: [0, 1] };
    const [tokens, heads, random] = [4, 2, generator()];
    const attentions = range(2).map((l) => v.input(`a.${l}`, [1, heads, tokens, tokens]));
    const settings: Parameters<typeof v.rollout.map>[1][] = [
      {},
      { headFusion: 'max', discardRatio: 0.3 },
      { layers: [1, 1] },
    ];
    for (const options of settings) {
      const given = Object.fromEntries(
        range(2).map((l) => {
          const rows = range(heads * tokens).map(() => {
            const row = randomValues(tokens, random, 0.001, 1).map((value) => value ** 4);
            const sum = sumOf(row);
            return row.map((value) => value / sum);
          });
          return [`a.${l}`, Float32Array.from(rows.flatMap((row) => [...row]))];
        }),
      );
      const pass = passOf(attentions, layout);
      const maps = { flow: v.attentionFlow.map(pass, options), rollout: v.rollout.map(pass, options) };
      const found = await evaluate(maps, new v.ReferenceBackend(), given);
      const [query, ...layers] = [
        found.flow.slice(0, tokens),
        ...range(found.flow.length / tokens ** 2 - 0.25).map((l) =>
          found.flow.slice(tokens + l * tokens ** 2, tokens + (l + 1) * tokens ** 2),
        ),
      ].map((values) => Float64Array.from(values));
      expect(layers).toHaveLength(options === settings[2] ? 1 : 2);
      expect(Array.from(query)).toEqual([0.5, 0.5, 0, 0]);
      // Every row is normalised: the rollout of these matrices is the one that the device made.
      const row = layers.reduce(
        (r, matrix) => range(tokens).map((j) => sumOf(r.map((value, i) => value * matrix[i * tokens + j]))),
        Array.from(query),
      );
      expectClose(found.rollout, row.slice(2), { absolute: 1e-12 });
      const map = finish(v.attentionFlow, found.flow, layout);
      expectClose(map, [2, 3].map((token) => smallestCut(query, layers, token)), { absolute: 1e-6 }); // prettier-ignore
      map.forEach((value, patch) => {
        expect(value).toBeGreaterThanOrEqual(found.rollout[patch] - 1e-6);
      });
    }
  });

  test.each(['vit_square', 'deit_distilled', 'vit_gap_norm_first', 'siglip_map', 'dinov2_reg4'])(
    'of %s lies between rollout and what the edges to a patch carry, and is at most 1',
    async (name) => {
      const { model } = zooModel(zooFixtures, name);
      const { geometry } = model;
      const [tokens, patches] = [v.tokenCount(geometry), geometry.grid[0] * geometry.grid[1]];
      const pass = v.forwardPass(model, v.input('image', [2, ...model.inputShape]));
      const image = randomValues(2 * v.sizeOf(model.inputShape), generator());
      const { flow, rollout } = await evaluate(
        { flow: v.attentionFlow.map(pass), rollout: v.rollout.map(pass) },
        new v.ReferenceBackend(),
        { image },
      );
      for (const picture of [0, 1]) {
        const own = flow.slice((picture * flow.length) / 2, ((picture + 1) * flow.length) / 2);
        const lowest = own.subarray(own.length - tokens * tokens);
        const map = finish(v.attentionFlow, own, geometry);
        expect(map).toHaveLength(patches);
        map.forEach((value, patch) => {
          const carried = sumOf(range(tokens).map((i) => lowest[i * tokens + geometry.prefixTokens + patch]));
          expect(value).toBeGreaterThanOrEqual(rollout[picture * patches + patch] - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.min(1, carried) + 1e-6);
        });
      }
    },
  );

  test('an explainer finishes it picture by picture', async () => {
    const { model } = microModel();
    const subject = { model, preprocessing: v.scenesPreprocessing(32) };
    const random = generator();
    const methods = v.chooseMethods([v.rollout, v.attentionFlow], { layers: [0, 1] }, model.config);
    const explainer = await v.Explainer.create(subject, new v.ReferenceBackend(), { methods, batch: 2 });
    const pictures = range(2).map(() =>
      explainer.makeReady({
        width: 32,
        height: 32,
        data: Uint8Array.from(randomValues(3 * 32 * 32, random, 0, 256)),
      }),
    );
    const found = await explainer.explain(pictures, [[], []]);
    const pass = v.forwardPass(model, v.input('image', [1, ...model.inputShape]));
    for (const [picture, { maps }] of found.entries()) {
      const image = pictures[picture][0].values;
      const { flow } = await evaluate({ flow: v.attentionFlow.map(pass) }, new v.ReferenceBackend(), {
        image,
      });
      expect(maps.map(({ method }) => method.name)).toEqual(['rollout', 'attention-flow']);
      expectClose(maps[1].values, finish(v.attentionFlow, flow, model.geometry), { absolute: 1e-6 });
      expect(maps[1].values).toHaveLength(maps[0].values.length);
    }
    explainer.dispose();
  });

  test('what the host would never finish is called off', async () => {
    const { model } = microModel();
    const subject = { model, preprocessing: v.scenesPreprocessing(32) };
    const endless = v.define({
      ...{ name: 'endless', explains: 'nothing', source: v.rollout.source, of: 'pass', options: () => ({}) },
      map: (pass) => v.rollout.map(pass),
      *finish(values) {
        while (values.length > 0) yield;
        return values;
      },
    });
    const methods = v.chooseMethods([endless], {}, model.config);
    const explainer = await v.Explainer.create(subject, new v.ReferenceBackend(), { methods });
    const caller = new AbortController();
    const picture = explainer.makeReady({ width: 32, height: 32, data: new Uint8Array(3 * 32 * 32) });
    const found = explainer.explain([picture], [[]], { signal: caller.signal });
    // When the host gives way, which it does only if it is asked to.
    setTimeout(() => {
      caller.abort(new Error('the person left'));
    }, 100);
    await expect(found).rejects.toThrow('the person left');
    explainer.dispose();
  });

  test('is neither part of all nor smoothed', () => {
    expect(v.findMethods('all').map(({ name }) => name)).not.toContain('attention-flow');
    expect(v.smooth(v.attentionFlow)).toBeUndefined();
    expect(() => v.findMethod('smooth-attention-flow')).toThrow(/There is no method "smooth-attention-flow"/);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

/*
 * Views against their definitions written out in plain loops, in float64: on a model with registers, one with two heads, one
 * whose grid is not square, and one whose query is spread over the patches.
 */
const names = ['dinov2_reg4', 'deit_distilled', 'vit_patch_oblong', 'siglip_map'];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const fusions = { mean: meanOf, max: (x: readonly number[]) => Math.max(...x), min: (x: readonly number[]) => Math.min(...x) }; // prettier-ignore

describe.each(names)(`views of %s (seed ${seed})`, (name) => {
  const { model } = zooModel(zooFixtures, name);
  const { geometry, config } = model;
  const { depth, heads, width } = config;
  const [batch, tokens, headWidth] = [2, v.tokenCount(geometry), width / heads];
  const {
    prefixTokens,
    grid: [rows, columns],
  } = geometry;
  const patches = range(rows * columns);
  const pass = v.forwardPass(model, v.input('image', [batch, ...model.inputShape]));
  const image = randomValues(batch * v.sizeOf(model.inputShape), generator());
  const [block, at] = [depth - 1, [rows - 1, 1] as const];
  const patch = at[0] * columns + at[1];
  const reference = new v.ReferenceBackend();

  /** Elements by their indices. */
  type Look = (...index: readonly number[]) => number;
  const run = async <Names extends string>(
    outputs: Readonly<Record<Names, v.Tensor>>,
  ): Promise<Record<Names, v.Values> & { look: Record<Names, Look> }> => {
    const found = await evaluate(outputs, reference, { image });
    const looks = Object.entries<v.Tensor>(outputs).map(([output, { shape }]) => {
      const strides = v.contiguousStrides(shape);
      const values = found[output as Names];
      const look: Look = (...index) => values[index.reduce((sum, i, axis) => sum + i * strides[axis], 0)];
      return [output, look] as const;
    });
    return { ...found, look: Object.fromEntries(looks) as Record<Names, Look> };
  };

  /** Values of all maps of both pictures, in their order. */
  const written = (maps: number, value: (image: number, map: number, patch: number) => number): number[] =>
    range(batch).flatMap((i) => range(maps).flatMap((map) => patches.map((p) => value(i, map, p))));

  test('attention: of the query, from a patch and to a patch, in every way of showing heads', async () => {
    const { attention, query } = { attention: pass.layers[block].attention, query: pass.query };
    const ways = [
      ...(['mean', 'max', 'min'] as const).map((headFusion) => ({ heads: 'fused', headFusion }) as const),
      { heads: 'all' } as const,
      { heads: heads - 1 },
    ];
    for (const way of ways) {
      const options = { block, ...way };
      const { a, q, of, from, to, product, queries, keys, look } = await run({
        ...{ a: attention, q: query, queries: pass.layers[block].query, keys: pass.layers[block].key },
        of: v.attention.map(pass, options),
        from: v.attentionFrom.map(pass, { ...options, patch: [...at] }),
        to: v.attentionTo.map(pass, { ...options, patch: [...at] }),
        product: v.queryKeyProduct.map(pass, { ...options, patch: [...at] }),
      });
      expect([a, q, queries, keys].every((values) => values.length > 0)).toBe(true);
      const shown = way.heads === 'all' ? range(heads).map((h) => [h]) : way.heads === 'fused' ? [range(heads)] : [[way.heads]]; // prettier-ignore
      const fused = (own: readonly number[], value: (head: number) => number): number =>
        way.heads === 'fused' ? fusions[way.headFusion](own.map(value)) : value(own[0]);
      const weight = (i: number, token: number): number => look.q(q.length === tokens ? 0 : i, 0, token);
      const key = (p: number): number => prefixTokens + p;
      expectClose(
        of,
        written(shown.length, (i, map, p) =>
          range(tokens).reduce((sum, t) => sum + weight(i, t) * fused(shown[map], (h) => look.a(i, h, t, key(p))), 0),
        ),
        { absolute: 1e-12 },
      ); // prettier-ignore
      const expected = {
        from: written(shown.length, (i, map, p) => fused(shown[map], (h) => look.a(i, h, key(patch), key(p)))),
        to: written(shown.length, (i, map, p) => fused(shown[map], (h) => look.a(i, h, key(p), key(patch)))),
        product: written(shown.length, (i, map, p) =>
          fused(shown[map], (h) => range(headWidth).reduce((sum, c) => sum + look.queries(i, h, key(patch), c) * look.keys(i, h, key(p), c), 0)),
        ),
      }; // prettier-ignore
      expectClose(from, expected.from, { absolute: 1e-12 });
      expectClose(to, expected.to, { absolute: 1e-12 });
      expectClose(product, expected.product, { relative: 1e-12 });
      expect(v.attentionFrom.captions!(pass, { ...options, patch: [...at] })).toHaveLength(shown.length);
    }
  });

  test('attention of the query sums to 1 with the share of the prefix', async () => {
    const { a, q, map, look } = await run({
      a: pass.layers[0].attention,
      q: pass.query,
      map: v.attention.map(pass, { block: 0, heads: 'all' }),
    });
    expect(a).toHaveLength(batch * heads * tokens * tokens);
    for (const i of range(batch)) {
      for (const h of range(heads)) {
        const first = (i * heads + h) * patches.length;
        const own = patches.reduce((sum, p) => sum + map[first + p], 0);
        const prefix = range(prefixTokens).map((j) =>
          range(tokens).reduce((sum, t) => sum + look.q(q.length === tokens ? 0 : i, 0, t) * look.a(i, h, t, j), 0),
        ); // prettier-ignore
        expect(Math.abs(prefix.reduce((sum, value) => sum + value, own) - 1)).toBeLessThan(1e-12);
      }
    }
  });

  test('score map, token norms and channels of queries and keys', async () => {
    const layers = Object.fromEntries(
      pass.layers.flatMap(({ attention, after }, l) => [
        [`a${l}`, attention],
        [`z${l}`, after],
      ]),
    );
    const { look, ...found } = await run<string>({
      ...layers,
      scores: v.scoreMap.map(pass),
      norms: v.tokenNorms.map(pass),
      last: v.tokenNorms.map(pass, { layers: [depth - 1, depth - 1] }),
      q: pass.layers[block].query,
      k: pass.layers[block].key,
      all: v.queryKey.map(pass, { block, head: heads - 1 }),
      one: v.queryKey.map(pass, { block, head: heads - 1, channel: 2 }),
    });
    const key = (p: number): number => prefixTokens + p;
    const scores = written(depth, (i, l, p) =>
      meanOf(range(heads).map((h) => Math.max(...patches.map((j) => look[`a${l}`](i, h, key(p), key(j)))))),
    ); // prettier-ignore
    expectClose(found['scores'], scores, { absolute: 1e-12 });
    const normOf = (i: number, l: number, p: number): number =>
      Math.hypot(...range(width).map((c) => look[`z${l}`](i, key(p), c)));
    expectClose(found['norms'], written(depth, normOf), { relative: 1e-12 });
    expectClose(
      found['last'],
      written(1, (i, _, p) => normOf(i, depth - 1, p)),
      { relative: 1e-12 },
    );
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const channel = (i: number, of: number, c: number, p: number): number =>
      sigmoid(look[of === 0 ? 'q' : 'k'](i, heads - 1, key(p), c));
    const all = written(2 * headWidth, (i, map, p) => channel(i, map % 2, Math.floor(map / 2), p));
    expectClose(found['all'], all, { relative: 1e-12 });
    expectClose(
      found['one'],
      written(2, (i, map, p) => channel(i, map, 2, p)),
      { relative: 1e-12 },
    );
    expect(v.queryKey.captions!(pass, { channel: 2 })).toEqual(['q 2', 'k 2']);
    expect(v.queryKey.captions!(pass)).toHaveLength(2 * headWidth);
  });

  test('one relevance divided among patches, heads and channels, each of the same sum', async () => {
    const classes = pass.logits.shape[1];
    const subject = v.explained(
      pass,
      v.constant(randomValues(batch * classes, generator()), [batch, classes]),
    );
    const { value, mixed } = pass.layers[0];
    for (const [rules, of] of [
      ['plain', subject],
      ['libra', subject.under(v.libra)],
    ] as const) {
      const method = v.findMethod(rules === 'plain' ? 'space-and-channels' : 'libra-space-and-channels');
      if (method.of !== 'class') throw new Error('It explains a class.');
      const totals: number[][] = [];
      for (const at of ['value', 'mixed'] as const) {
        const options = { block: 0, at };
        const [gradient] = of.gradient([at === 'value' ? value : mixed]);
        const found = await run<string>({
          x: at === 'value' ? value : mixed,
          gradient,
          map: method.map(subject, options),
          ...method.numbers!(subject, options),
        });
        const shape = at === 'value' ? [batch, heads, tokens, headWidth] : [batch, tokens, heads, headWidth];
        const strides = v.contiguousStrides(shape);
        const e = (i: number, h: number, t: number, c: number): number => {
          const [second, third] = at === 'value' ? [h, t] : [t, h];
          const position = [i, second, third, c].reduce((sum, index, axis) => sum + index * strides[axis], 0);
          return found['x'][position] * found['gradient'][position];
        };
        const sum = (count: number, of: (index: number) => number): number =>
          range(count).reduce((total, index) => total + of(index), 0);
        const ofToken = (i: number, t: number, h: number): number => sum(headWidth, (c) => e(i, h, t, c));
        const expected = written(1 + heads, (i, map, p) =>
          map > 0
            ? ofToken(i, prefixTokens + p, map - 1)
            : sum(heads, (h) => ofToken(i, prefixTokens + p, h)),
        );
        expectClose(found['map'], expected, { absolute: 1e-9 });
        const images = range(batch);
        expectClose(found['heads'], images.flatMap((i) => range(heads).map((h) => sum(tokens, (t) => ofToken(i, t, h)))), { absolute: 1e-9 }); // prettier-ignore
        expectClose(found['channels'], images.flatMap((i) => range(width).map((c) => sum(tokens, (t) => e(i, Math.floor(c / headWidth), t, c % headWidth)))), { absolute: 1e-9 }); // prettier-ignore
        const parts = (name: string, i: number): number => {
          const values = Array.from(found[name] ?? []);
          const own = values.slice((i * values.length) / batch, ((i + 1) * values.length) / batch);
          // Of a map those of all heads together.
          return sum(name === 'map' ? patches.length : own.length, (index) => own[index]);
        };
        totals.push(images.map((i) => parts('heads', i)));
        for (const i of images) {
          const inSpace = parts('map', i) + (prefixTokens === 0 ? 0 : parts('prefix', i));
          expect(inSpace).toBeCloseTo(parts('heads', i), 9);
          expect(parts('channels', i)).toBeCloseTo(parts('heads', i), 9);
        }
        expect(method.captions!(subject, options)).toHaveLength(1 + heads);
      }
      // Attention is constant under these rules: what is read is what is written.
      if (rules === 'libra') expectClose(totals[0], totals[1], { absolute: 1e-9 });
    }
  });

  test('the logit lens ends with the logits, and a patch votes as tokens that are all like it', async () => {
    const classes = pass.logits.shape[1];
    const shares = randomValues(batch * classes, generator());
    const subject = v.explained(pass, v.constant(shares, [batch, classes]));
    const alike = pass.layers.map(({ after }) => {
      const token = v.slice(after, 1, prefixTokens + patch, prefixTokens + patch + 1);
      return pass.classify(v.expand(token, after.shape));
    });
    const { look, ...found } = await run<string>({
      readings: v.logitLens.readings!(subject),
      logits: pass.logits,
      map: v.logitLens.map(subject),
      certain: v.logitLens.map(subject.ofLogProbability()),
      votes: v.logitLens.votes!(subject),
      ...Object.fromEntries(alike.map((of, l) => [`vote${l}`, of])),
    });
    const [readings, logits, map, certain] = ['readings', 'logits', 'map', 'certain'].map(
      (output) => found[output] as Float64Array,
    );
    for (const i of range(batch)) {
      const own = readings.subarray((i * depth + depth - 1) * classes, (i * depth + depth) * classes);
      expect(own).toEqual(logits.subarray(i * classes, (i + 1) * classes));
      for (const l of range(depth)) {
        const of = range(classes).map((c) => look[`vote${l}`](i, c));
        const weighted = (x: readonly number[]): number =>
          x.reduce((sum, value, c) => sum + value * shares[i * classes + c], 0);
        const total = Math.log(of.reduce((sum, value) => sum + Math.exp(value), 0));
        const position = (i * depth + l) * patches.length + patch;
        expectClose([map[position]], [weighted(of)], { absolute: 1e-9 });
        expect(found['votes'][position]).toBe(of.indexOf(Math.max(...of)));
        expectClose([certain[position]], [weighted(of.map((value) => value - total))], { absolute: 1e-9 });
      }
    }
    expect(v.logitLens.captions!(pass)).toEqual(range(depth).map((l) => `block ${l}`));
    expect(v.logitLens.captions!(pass, { layers: [1, 1] })).toEqual(['block 1']);
  });
});

describe('what views refuse', () => {
  const { model } = zooModel(zooFixtures, 'vit_patch_oblong');
  const pass = v.forwardPass(model, v.input('image', [1, ...model.inputShape]));
  const { heads, headWidth, depth, grid } = v.sizesOf(model.config);
  const [rows, columns] = grid;
  const patch = `give row and column of a patch of the ${rows} x ${columns} there are, counted from 0, such as 0,0.`;

  test.each<[v.AnyMethod, Record<string, unknown>, string]>([
    [v.attention, { heads }, `heads is ${heads}; give fused, all or the number of a head between 0 and ${heads - 1}.`],
    [v.attention, { heads: 'each' }, `heads is "each"; give fused, all or the number of a head between 0 and ${heads - 1}.`],
    [v.attention, { block: depth }, `block is ${depth}; give a block between 0 and ${depth - 1}.`],
    [v.attentionFrom, { patch: [rows, 0] }, `patch is [${rows}, 0]; ${patch}`],
    [v.attentionTo, { patch: [0, columns] }, `patch is [0, ${columns}]; ${patch}`],
    [v.attentionTo, { patch: [0.5, 0] }, `patch is [0.5, 0]; ${patch}`],
    [v.queryKeyProduct, { patch: 3 }, `patch is 3; ${patch}`],
    [v.queryKey, { channel: headWidth }, `channel is ${headWidth}; give all or the number of a channel between 0 and ${headWidth - 1}.`],
    [v.queryKey, { head: -1 }, `head is -1; give a head between 0 and ${heads - 1}.`],
  ])('%# an option out of range', (method, options, sentence) => {
    const refusal = new v.UsageError(sentence);
    expect(() => (method as typeof v.attention).map(pass, options)).toThrow(refusal);
    expect(() => v.chooseMethods([method], options, model.config)).toThrow(refusal);
  }); // prettier-ignore

  test('where no model is known, no numbers of it are told', () => {
    const messages = (['heads', 'patch', 'block'] as const).map((option) => {
      try {
        v.attentionFrom.parse({ [option]: 'x' }, v.unknownSizes);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages).toEqual([
      'heads is "x"; give fused, all or the number of a head.',
      'patch is "x"; give row and column of a patch, counted from 0, such as 0,0.',
      'block is "x"; give the number of a block.',
    ]);
  });

  test('sizes of no model', () => {
    expect(() => v.attention.parse({}, { depth: 12 } as v.ModelSizes)).toThrow(
      new v.UsageError('The model: heads is undefined; expected a whole number of at least 1.'),
    );
    expect(() => v.chooseMethods([v.attention], {}, { ...model.config, patchSize: 0 })).toThrow(
      new v.UsageError('The model: patchSize is 0; expected pixels, or height and width.'),
    );
  });
});

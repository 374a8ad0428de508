import { describe, expect, test } from '@jest/globals';
import * as v from '../../../src/index.js';
import { fromBase64, floatsFromBase64, floatsToBase64, toBase64 } from '../../../src/report/html/base64.js';
import { companded, expanded } from '../../../src/report/html/companding.js';
import { correct } from '../../../src/report/html/corrections.js';
import {
  correctionsOf,
  kept,
  limitsOf,
  ratios,
  readSteps,
  type Discardable,
} from '../../../src/report/html/discarding.js';
import { HeldAttention } from '../../../src/report/html/held-attention.js';
import { storedAttention } from '../../../src/report/html/stored-attention.js';
import { evaluate } from '../../support/backends.js';
import { haveSameBits } from '../../support/compare.js';
import { passOf } from '../../support/passes.js';
import { generator, randomValues, seed } from '../../support/random.js';

const random = generator();

/** Something like attention: rows that sum to 1, values of many magnitudes, and some that underflowed. */
function attentionLike(rows: number, tokens: number): Float32Array {
  const values = new Float32Array(rows * tokens);
  for (let row = 0; row < rows; row++) {
    const own = randomValues(tokens, random, -3, 3).map((x) => (random() < 0.05 ? 0 : Math.exp(x)));
    const sum = own.reduce((left, right) => left + right, 0) || 1;
    values.set(
      own.map((x) => x / sum),
      row * tokens,
    );
  }
  return values;
}

/** In new memory, in which anything may have been before. */
function inEightBits(values: Float32Array, columns: number) {
  const made = {
    codes: new Uint8Array(values.length).fill(17),
    scales: new Float32Array(values.length / columns).fill(17),
    read: new Float32Array(values.length).fill(17),
  };
  companded(values, columns, made);
  return made;
}

describe(`attention in a page (seed ${seed})`, () => {
  test.each([0, 1, 2, 3, 4, 5, 300])('%d bytes are what they were as base64', (count) => {
    const bytes = Uint8Array.from(randomValues(count, random, 0, 256));
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    const numbers = randomValues(count, random);
    expect(haveSameBits(floatsFromBase64(floatsToBase64(numbers)), numbers)).toBe(true);
  });

  test('eight bits keep a value within 1 % of itself and a hundredth of the largest of its row', () => {
    const tokens = 50;
    const values = Float32Array.from([...attentionLike(40, tokens), ...new Float32Array(tokens)]);
    const { read, ...code } = inEightBits(values, tokens);
    expect(haveSameBits(expanded(code), read)).toBe(true);
    for (const [i, value] of values.entries()) {
      const largest = Math.max(...values.subarray(tokens * Math.floor(i / tokens)).subarray(0, tokens));
      expect(Math.abs(read[i] - value)).toBeLessThanOrEqual(0.01 * (value + largest / 100));
      if (value === largest) expect(read[i]).toBe(value);
    }
    // All codes are used, or some of the eight bits are wasted.
    const ramp = inEightBits(
      Float32Array.from({ length: 20_000 }, (_, i) => (i / 20_000) ** 4),
      20_000,
    );
    expect(new Set(ramp.codes).size).toBe(256);
  });

  /** Entries as what stands behind the first tokens of each row; at those tokens stands what must not count. */
  function matrixOf(entries: Float32Array, width: number, prefixTokens: number): Discardable {
    const tokens = width + prefixTokens;
    const matrix = randomValues((entries.length / width) * tokens, random, 0, 4);
    for (let row = 0; row * width < entries.length; row++) {
      matrix.set(entries.subarray(row * width, (row + 1) * width), row * tokens + prefixTokens);
    }
    return { matrix, tokens, prefixTokens };
  }

  test.each([
    { count: 1, width: 1, prefixTokens: 0, largest: 1 },
    { count: 7, width: 7, prefixTokens: 2, largest: 1 },
    { count: 350, width: 50, prefixTokens: 1, largest: 4 },
    { count: 3000, width: 30, prefixTokens: 5, largest: 1 },
  ])(
    'each ratio discards the smallest of $count entries up to $largest, and of equal ones the first',
    ({ count, width, prefixTokens, largest }) => {
      const entries = randomValues(count, random, 0, 1).map((x) =>
        Math.fround(largest * (x < 0.3 ? Math.round(8 * x) / 8 : x ** 3)),
      );
      const order = [...entries.keys()].sort((a, b) => entries[a] - entries[b] || a - b);
      const wanted = new Uint8Array(count).fill(kept);
      for (const [place, i] of order.entries()) {
        const step = ratios.findIndex((ratio) => Math.floor(ratio * count) > place);
        if (step >= 0) wanted[i] = step;
      }
      const asMatrix = (values: Float32Array) => matrixOf(values, width, prefixTokens);
      const exact = asMatrix(entries);
      const limits = limitsOf(exact);
      // Near to the exact ones as from 8 bits, and not near at all.
      for (const off of [0.02, 1.9]) {
        const read = asMatrix(entries.map((x) => x * (1 + off * (random() - 0.5) * Number(random() < 0.7))));
        const known = readSteps(read, limits.limits);
        const corrected = known.slice();
        correct(corrected, correctionsOf(read, exact, limits, 0));
        expect(corrected).toEqual(wanted);
        // What counts too little is left as it was read.
        const some = known.slice();
        correct(some, correctionsOf(read, exact, limits, 0.5));
        expect(some).toEqual(wanted.map((step, i) => (entries[i] < 0.5 ? known[i] : step)));
      }
    },
  );

  const layout = { prefixTokens: 2, grid: [5, 6], queryTokens: [0, 1] } as const;
  const [depth, heads, tokens] = [4, 3, 32];
  const layers = Array.from({ length: depth }, () => attentionLike(heads * tokens, tokens));
  const names = layers.map((_, layer) => `layer${layer}`);
  const pass = passOf(
    names.map((name) => v.input(name, [1, heads, tokens, tokens])),
    layout,
  );
  const query = Float32Array.from({ length: tokens }, (_, token) => (token < 2 ? 0.5 : 0));
  const read: v.ReadAttention = {
    form: 'heads',
    planes: ['head 0', 'head 1', 'head 2'],
    prefixTokens: layout.prefixTokens,
    grid: layout.grid,
    layers,
    query,
    geometry: v.preprocess(
      { width: 6, height: 5, data: new Uint8Array(3 * 6 * 5) },
      v.scenesPreprocessing(32),
    ).geometry,
  };

  /** What the page holds after it was written and read. */
  const throughText = (attention: v.ReadAttention): HeldAttention =>
    new HeldAttention(
      JSON.parse(JSON.stringify(storedAttention(attention))) as ReturnType<typeof storedAttention>,
    );

  /** Heads fused, by the plain formula. */
  const fusedBy = (fusion: v.HeadFusion): Float32Array[] =>
    layers.map((layer) =>
      Float32Array.from({ length: tokens ** 2 }, (_, i) => {
        const each = [0, 1, 2].map((head) => layer[head * tokens ** 2 + i]);
        return fusion === 'mean' ? each.reduce((a, b) => a + b) / heads : Math[fusion](...each);
      }),
    );

  test.each(v.headFusions)(
    'rollout of %s is that of the engine, within 1 % of its largest value',
    async (fusion) => {
      const held = throughText(read);
      const ofFused = throughText({
        ...read,
        form: 'fusions',
        planes: v.headFusions,
        layers: layers.map((_, layer) => {
          return Float32Array.from(v.headFusions.flatMap((each) => [...fusedBy(each)[layer]]));
        }),
      });
      const outputs = Object.fromEntries(
        ratios.map((discardRatio, step) => [
          `step${step}`,
          v.rollout.map(pass, { headFusion: fusion, discardRatio }),
        ]),
      );
      const inputs = Object.fromEntries(names.map((name, layer) => [name, layers[layer]]));
      const exact = await evaluate(outputs, new v.ReferenceBackend(), inputs);
      for (const step of ratios.keys()) {
        const wanted = exact[`step${step}`];
        const limit = 0.01 * Math.max(...wanted);
        for (const found of [held.rollout(fusion, step), ofFused.rollout(fusion, step)]) {
          expect(found).toHaveLength(wanted.length);
          for (const [i, value] of found.entries())
            expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(limit);
        }
      }
    },
  );

  test('what is looked at, and from where, is that of the layer and the head', () => {
    const held = throughText(read);
    expect(held.views).toEqual(['mean', 'max', 'min', 'head 0', 'head 1', 'head 2']);
    const near = (found: Float32Array, wanted: readonly number[]): void => {
      for (const [i, value] of wanted.entries())
        expect(Math.abs(found[i] - value)).toBeLessThan(0.01 * value + 2e-4);
    };
    const own = [...layers[2].subarray(tokens ** 2, 2 * tokens ** 2)];
    const rowOf = (matrix: readonly number[], row: number): number[] =>
      matrix.slice(row * tokens, (row + 1) * tokens);
    const columnOf = (matrix: readonly number[], column: number): number[] =>
      matrix.filter((_, i) => i % tokens === column);
    near(held.fromToken(2, 'head 1', 7), rowOf(own, 7));
    near(held.toToken(2, 'head 1', 7), columnOf(own, 7));
    near(
      held.fromQuery(2, 'head 1'),
      rowOf(own, 0).map((value, i) => (value + rowOf(own, 1)[i]) / 2),
    );
    near(held.fromToken(0, 'max', 9), rowOf([...fusedBy('max')[0]], 9));
  });

  test('of a large model that has only the mean, or only the row of the query, that is what there is', () => {
    const mean = throughText({ ...read, form: 'mean', planes: ['mean'], layers: fusedBy('mean') });
    expect([mean.fusions, mean.views]).toEqual([['mean'], ['mean']]);
    expect(mean.rollout('mean', 9)).toEqual(expect.any(Float32Array));
    const rows = throughText({
      ...read,
      form: 'query',
      layers: layers.map((layer) =>
        Float32Array.from(
          [0, 1, 2].flatMap((head) => [...layer.subarray(head * tokens ** 2).subarray(0, tokens)]),
        ),
      ),
    });
    expect([rows.fusions, rows.views]).toEqual([[], ['head 0', 'head 1', 'head 2']]);
    const wanted = layers[1].subarray(2 * tokens ** 2).subarray(0, tokens);
    for (const [i, value] of rows.fromQuery(1, 'head 2').entries()) {
      expect(Math.abs(value - wanted[i])).toBeLessThan(0.01 * wanted[i] + 2e-4);
    }
  });
});

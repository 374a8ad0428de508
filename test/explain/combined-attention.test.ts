import { describe, expect, test } from '@jest/globals';
import { combinedAttention } from '../../src/explain/index.js';
import { attentionGradient } from '../../src/explain/methods.js';
import { constant } from '../../src/index.js';
import { evaluate, useBackends } from '../support/backends.js';
import { passOf } from '../support/passes.js';
import { generator, randomValues, seed } from '../support/random.js';
import { expectClose } from '../support/compare.js';

const [depth, heads, tokens] = [3, 2, 7];
const layout = { prefixTokens: 1, grid: [2, 3], queryTokens: [0, 4] } as const;
const size = heads * tokens * tokens;

describe(`matrices of all layers as one (seed ${seed})`, () => {
  const backends = useBackends();
  const random = generator();
  const matrices = (low: number): Float32Array[] =>
    Array.from({ length: depth }, () => randomValues(size, random, low, 1));
  const [attentions, gradients] = [matrices(0), matrices(-1)];
  const [given, slopes] = [attentions, gradients].map((list) =>
    list.map((values) => constant(values, [1, heads, tokens, tokens])),
  );
  const pass = passOf(given, layout, slopes);

  /** The mean over layers and heads, entry by entry. */
  const meanOf = (list: readonly Float32Array[], row: number, column: number): number => {
    let sum = 0;
    for (const values of list)
      for (let head = 0; head < heads; head++) sum += values[(head * tokens + row) * tokens + column];
    return sum / (depth * heads);
  };
  /** What patches get from the tokens that the query is the mean of. */
  const mapOf = (entry: (row: number, column: number) => number): number[] =>
    Array.from({ length: tokens - 1 }, (_, patch) => (entry(0, patch + 1) + entry(4, patch + 1)) / 2);

  test('the query looks where the mean over layers and heads does', async () => {
    const found = await evaluate({ map: combinedAttention(pass) }, backends.reference, {});
    expectClose(
      found.map,
      mapOf((row, column) => meanOf(attentions, row, column)),
      { absolute: 1e-6 },
    );
  });

  test('attention times gradient takes the mean of each before it multiplies', async () => {
    const map = attentionGradient.map(pass, {});
    expect(map.shape).toEqual([1, 2, 3]);
    const found = await evaluate({ map }, backends.reference, {});
    const product = (row: number, column: number): number =>
      Math.max(0, meanOf(attentions, row, column) * meanOf(gradients, row, column));
    expectClose(found.map, mapOf(product), { absolute: 1e-6 });
  });
});

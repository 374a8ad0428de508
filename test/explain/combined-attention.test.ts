import { describe, test } from '@jest/globals';
import { combinedAttention } from '../../src/explain/index.js';
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
  const attentions = Array.from({ length: depth }, () => randomValues(size, random, 0, 1));
  const given = attentions.map((values) => constant(values, [1, heads, tokens, tokens]));
  const pass = passOf(given, layout);

  /** The mean over layers and heads, entry by entry. */
  const meanOf = (row: number, column: number): number => {
    let sum = 0;
    for (const values of attentions)
      for (let head = 0; head < heads; head++) sum += values[(head * tokens + row) * tokens + column];
    return sum / (depth * heads);
  };

  test('the query looks where the mean over layers and heads does', async () => {
    const found = await evaluate({ map: combinedAttention(pass) }, backends.reference, {});
    // The query is the mean of two tokens.
    const expected = Array.from(
      { length: tokens - 1 },
      (_, patch) => (meanOf(0, patch + 1) + meanOf(4, patch + 1)) / 2,
    );
    expectClose(found.map, expected, { absolute: 1e-6 });
  });
});

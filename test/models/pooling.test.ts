import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { poolings, type Pooled } from '../../src/models/pooling.js';
import { evaluate } from '../support/backends.js';

const backend = new v.ReferenceBackend();

async function valuesOf(tensor: v.Tensor): Promise<[shape: readonly number[], values: number[]]> {
  const { y } = await evaluate({ y: tensor }, backend);
  return [tensor.shape, [...y].map((value) => Number(value.toFixed(6)))];
}

/** One picture of a token before 1 x 3 patches, of two numbers each. */
const tokens = v.constant(Float32Array.of(9, 8, 1, 5, 3, 5, 2, 4), [1, 4, 2]);

/** A model of these tokens. */
function model(first: number, summaries: number, attention?: Pooled['attention']): Pooled {
  return { geometry: { prefixTokens: 1, grid: [1, 3] }, first, summaries, attention };
}

describe('the mean of some tokens, as a row', () => {
  test.each<[number[], number, number[]]>([
    [[0], 4, [1, 0, 0, 0]],
    [[3], 4, [0, 0, 0, 1]],
    [[1, 2], 4, [0, 0.5, 0.5, 0]],
    [[0, 3], 4, [0.5, 0, 0, 0.5]],
    [[0, 1, 2, 3], 4, [0.25, 0.25, 0.25, 0.25]],
    [[1, 3, 4], 6, [0, 0.333333, 0, 0.333333, 0.333333, 0]],
    [[0], 1, [1]],
  ])('of %j of %i', async (of, count, expected) => {
    expect(await valuesOf(v.meanOfTokens(of, count))).toEqual([[1, 1, count], expected]);
  });
});

describe('what is classified, and how much each token counts in it', () => {
  // Of each pooling: the features, then the row.
  test.each<[v.PoolingKind, Pooled, number[][], number[]]>([
    ['token', model(1, 1), [[9, 8]], [1, 0, 0, 0]],
    ['token', model(2, 2), [[9, 8], [1, 5]], [0.5, 0.5, 0, 0]],
    ['avg', model(0, 1), [[3.75, 5.5]], [0.25, 0.25, 0.25, 0.25]],
    ['avg', model(1, 1), [[2, 4.666667]], [0, 0.333333, 0.333333, 0.333333]],
    ['avg', model(2, 1), [[2.5, 4.5]], [0, 0, 0.5, 0.5]],
    // The largest first number is the second patch's; the largest second number is the first's and the second's.
    ['max', model(1, 1), [[3, 5]], [0, 0.25, 0.75, 0]],
    ['max', model(0, 0), [[9, 8]], [1, 0, 0, 0]],
    ['token-avg', model(1, 1), [[9, 8, 2, 4.666667]], [0.5, 0.166667, 0.166667, 0.166667]],
  ])('%s of %j', async (kind, pooled, features, query) => {
    const found = poolings[kind].features(tokens, pooled);
    expect(await Promise.all(found.map(valuesOf))).toEqual(
      features.map((values) => [[1, values.length], values]),
    );
    expect(features[0]).toHaveLength(2 * poolings[kind].widths);
    expect(await valuesOf(poolings[kind].query(tokens, pooled))).toEqual([[1, 1, 4], query]);
  }); // prettier-ignore

  test('map: as much as the mean of the heads of its attention attends to it', async () => {
    /** Two heads that attend to the first and to the last of the tokens that they are shown. */
    const attention = {
      attention: (shown: v.Tensor) => {
        const row = new Float32Array(2 * shown.shape[1]);
        row[0] = row[row.length - 1] = 1;
        return v.constant(row, [1, 2, 1, shown.shape[1]]);
      },
    } as unknown as NonNullable<Pooled['attention']>;
    for (const [first, query] of [[0, [0.5, 0, 0, 0.5]], [1, [0, 0.5, 0, 0.5]], [2, [0, 0, 0.5, 0.5]]] as const) {
      const row = poolings.map.query(tokens, model(first, 1, attention));
      expect(await valuesOf(row)).toEqual([[1, 1, 4], query]);
    }
  }); // prettier-ignore

  test('map without an attention of its own is a mistake of the program', () => {
    const message = new TypeError('A model that pools by attention has an attention pool.');
    expect(() => poolings.map.query(tokens, model(1, 1))).toThrow(message);
    expect(() => poolings.map.features(tokens, model(1, 1))).toThrow(message);
  });
});

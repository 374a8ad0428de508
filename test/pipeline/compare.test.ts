import { describe, expect, test } from '@jest/globals';
import {
  compareDocuments,
  compareMaps,
  type Explanation,
  type ExplanationDocument,
} from '../../src/index.js';
import { generator, randomValues, seed } from '../support/random.js';

const map = (
  values: readonly number[],
  grid: readonly [number, number],
  method = 'rollout',
): Explanation => ({
  method,
  class: null,
  options: {},
  grid,
  values,
});

const documentOf = (...explanations: Explanation[]) => ({ explanations }) as unknown as ExplanationDocument;

describe(`maps side by side (seed ${seed})`, () => {
  const random = generator();

  test('a map and one that is the same up to scale and offset', () => {
    const values = [...randomValues(12, random, 1, 2)];
    const found = compareMaps(
      map(values, [3, 4]),
      map(
        values.map((value) => 5 * value - 3),
        [3, 4],
      ),
    );
    expect(found.correlation).toBeCloseTo(1, 12);
    expect(found.rankCorrelation).toBeCloseTo(1, 12);
    expect(found.largestDifference).toBeCloseTo(Math.max(...values.map((value) => 4 * value - 3)), 12);
  });

  test('correlations of a small map, worked out by hand', () => {
    // Deviations -1.5 -.5 .5 1.5 and -2 -1 -1 4 times a quarter: 4.5 of the root of 5 and 5.5, and of ranks with a tie.
    const found = compareMaps(map([1, 2, 3, 4], [2, 2]), map([0, 1, 1, 6], [2, 2]));
    expect(found.correlation).toBeCloseTo(9 / Math.sqrt(5 * 22), 12);
    expect(found.rankCorrelation).toBeCloseTo(4.5 / Math.sqrt(5 * 4.5), 12);
    expect(found.difference).toEqual([-1 / 4, 1 / 6 - 2 / 4, 1 / 6 - 3 / 4, 0]);
    expect(found).toMatchObject({ at: [1, 0], largestDifference: 2 });
  });

  test('a map that is the same everywhere has no correlation', () => {
    const found = compareMaps(map([1, 1], [1, 2]), map([0, 3], [1, 2]));
    expect(found).toMatchObject({ correlation: null, rankCorrelation: null, largestDifference: 2 });
    expect(compareMaps(map([0, 0], [1, 2]), map([0, 3], [1, 2])).difference).toEqual([0, 1]);
  });

  test('one of any value, whose mean is rounded, neither', () => {
    const flat = map(new Array<number>(196).fill(0.1), [14, 14]);
    const other = map([...randomValues(196, random)], [14, 14]);
    for (const found of [compareMaps(flat, other), compareMaps(other, flat), compareMaps(flat, flat)]) {
      expect(found).toMatchObject({ correlation: null, rankCorrelation: null });
    }
  });

  test('maps of more values than a function takes arguments', () => {
    const values = new Array<number>(2 ** 18).fill(0);
    const large = (last: number): Explanation => map(values.with(-1, last), [512, 512]);
    expect(compareMaps(large(-1), large(2))).toMatchObject({ largestDifference: 3, at: [511, 511] });
  });

  test('where a view differs most is told with the number of its map', () => {
    const view = (values: readonly number[]): Explanation => ({ ...map(values, [1, 2]), maps: 3 });
    expect(compareMaps(view([0, 1, 0, 1, 0, 1]), view([0, 1, 0, 1, 1, 1])).at).toEqual([2, 0, 0]);
  });

  test('documents are compared by what they have in common', () => {
    const [one, other, third] = [
      map([1, 2], [1, 2]),
      map([2, 1], [1, 2], 'legrad'),
      map([0, 1], [1, 2], 'ixg'),
    ];
    const pairs = compareDocuments(documentOf(one, other), documentOf(third, other));
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([[other, other]]);
    // One map each is compared whatever it is of.
    expect(compareDocuments(documentOf(one), documentOf(third))).toHaveLength(1);
    expect(() => compareDocuments(documentOf(one, third), documentOf(other))).toThrow(
      'The documents explain rollout, ixg and legrad: nothing in common;',
    );
    expect(() => compareDocuments(documentOf(one), documentOf(map([1, 2], [2, 1])))).toThrow(
      'Maps of 1 x 2 and 2 x 1 values cannot be compared',
    );
  });

  test('maps of one method are compared with those of the same options, and each once', () => {
    const at = (block: number, heads = 'fused'): Explanation => ({
      ...map([block, block + 1], [1, 2], 'attention'),
      options: { block, heads },
    });
    const paired = (a: readonly Explanation[], b: readonly Explanation[]) =>
      compareDocuments(documentOf(...a), documentOf(...b)).map(
        ({ a: { options: ofA }, b: { options: ofB } }) => [ofA['block'], ofB['block']],
      );
    expect(paired([at(0), at(1), at(2)], [at(2), at(0), at(1)])).toEqual([[0, 0], [1, 1], [2, 2]]); // prettier-ignore
    // What has no counterpart takes the next that is left, and never one that is another's.
    expect(paired([at(5), at(1), at(2)], [at(1), at(4), at(2)])).toEqual([[5, 4], [1, 1], [2, 2]]); // prettier-ignore
    expect(paired([at(0), at(1), at(2)], [at(1), at(7)])).toEqual([[0, 7], [1, 1]]); // prettier-ignore
    // The order in which options are told is nobody's concern.
    const turned = { ...at(1), options: { heads: 'fused', block: 1 } };
    expect(paired([at(0), at(1)], [turned, at(0)])).toEqual([[0, 0], [1, 1]]); // prettier-ignore
    // A class is never compared with another one.
    const of = (index: number, block: number): Explanation => ({ ...at(block), class: index });
    expect(paired([of(0, 0), of(1, 1)], [of(1, 0), of(0, 1)])).toEqual([[0, 1], [1, 0]]); // prettier-ignore
  });
});

import { describe, expect, test } from '@jest/globals';
import { editDistance } from '../../src/models/registry/edit-distance.js';
import { nearest } from '../../src/models/registry/nearest.js';
import { orList } from '../../src/models/registry/refusal.js';

describe('the fewest changes that make one text another', () => {
  test.each([
    ['kitten', 'sitting', 3],
    ['saturday', 'sunday', 3],
    ['flaw', 'lawn', 2],
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 2],
    ['ab', 'b', 1],
    ['a', 'abcd', 3],
  ])('%j and %j: %i, and infinitely many if fewer are allowed', (a, b, distance) => {
    for (const [from, to] of [[a, b], [b, a]]) {
      expect(editDistance(from, to)).toBe(distance);
      expect(editDistance(from, to, distance)).toBe(distance);
      if (distance > 0) expect(editDistance(from, to, distance - 1)).toBe(Infinity);
    }
  }); // prettier-ignore
});

describe('names that are near', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['hold what was written, whatever its case and the space about it, the shortest first', ' Cat ', ['bobcat', 'wildcat', 'cat', 'dog'], ['cat', 'bobcat', 'wildcat']],
    ['are three at most', 'a', ['aaaa', 'aaa', 'aa', 'a'], ['a', 'aa', 'aaa']],
    ['that hold it come alone, though others are nearer', 'tuna', ['luna', 'a tuna sandwich'], ['a tuna sandwich']],
    ['are those with a third of the letters changed, the nearest first', 'abcdef', ['abxxef', 'abcdxf', 'axxxef'], ['abcdxf', 'abxxef']],
    ['are three at most of these too', 'abcdef', ['abcdex', 'abcdxf', 'abcxef', 'abxdef'], ['abcdex', 'abcdxf', 'abcxef']],
    ['of a short text are those with one letter changed', 'ab', ['ax', 'xy'], ['ax']],
    ['of five letters as well: a third is rounded down', 'abcde', ['abxxe', 'abxde'], ['abxde']],
    ['are none where nothing is near', 'zebra', ['cat', 'dog'], []],
    ['are none of nothing', ' ', ['cat', ' '], []],
  ])('%s', (_what, text, names, expected) => {
    const given = [...names];
    expect(nearest(text, given)).toEqual(expected);
    expect(given).toEqual(names);
  }); // prettier-ignore
});

test.each<[readonly string[], string]>([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j in a sentence', (names, words) => {
  expect(orList(names)).toBe(words);
});

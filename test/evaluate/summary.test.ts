import { describe, expect, test } from '@jest/globals';
import { findMeasures, measures, summarize, type MeasuredMap } from '../../src/evaluate/index.js';
import { UsageError } from '../../src/index.js';

const named = (...names: string[]) => names.map((name) => measures.find((measure) => measure.name === name)!);
const measured = (
  picture: number,
  method: string,
  values: MeasuredMap['values'],
  object = 0,
): MeasuredMap => ({
  picture,
  object,
  part: 'maps',
  method,
  values,
});

describe('a summary of many maps', () => {
  const maps = [
    measured(0, 'a', { energy: 0.2, deletion: 0.5 }),
    measured(0, 'b', { energy: 0.4, deletion: 0.1 }),
    measured(1, 'a', { energy: 0.6, deletion: 0.5 }),
    measured(1, 'b', { energy: 0.6, deletion: 0.7 }),
    measured(1, 'a', { energy: 0.8 }, 1),
    measured(1, 'b', {}, 1),
  ];
  const [a, b] = summarize(maps, named('energy', 'deletion'), 2);

  test('means are over maps, and rows in the order in which methods come', () => {
    expect([a.method, b.method]).toEqual(['a', 'b']);
    expect(a.cells['energy'].mean).toBeCloseTo((0.2 + 0.6 + 0.8) / 3, 14);
    expect(b.cells['energy'].mean).toBeCloseTo((0.4 + 0.6) / 2, 14);
    expect([a.cells['energy'].count, b.cells['energy'].count]).toEqual([3, 2]);
  });

  test('ranks are means over objects of which all methods have a value; equals share, and the better is first', () => {
    // Energy: b before a, then both equal. Deletion, of which less is better: b before a, then a before b.
    expect([a.cells['energy'].rank, b.cells['energy'].rank]).toEqual([(2 + 1.5) / 2, (1 + 1.5) / 2]);
    expect([a.cells['deletion'].rank, b.cells['deletion'].rank]).toEqual([1.5, 1.5]);
  });

  test('a measure that no map has a value of is not there, and what is neither better nor worse has no rank', () => {
    expect(summarize(maps, named('srg'), 2).map(({ cells }) => cells)).toEqual([{}, {}]);
    const agreeing = [measured(0, 'a', { agreement: 0.5 }), measured(0, 'b', { agreement: 0.6 })];
    expect(summarize(agreeing, named('agreement'), 1)[0].cells['agreement'].rank).toBeUndefined();
  });
});

describe('measures by name', () => {
  test('groups, names and lists of both, in the order of the list of all', () => {
    expect(findMeasures('deletion, energy')).toEqual(named('energy', 'deletion'));
    expect(findMeasures('stability')).toEqual(named('noise', 'shift'));
    expect(findMeasures('all')).toEqual(measures);
    expect(findMeasures('stability,shift,shift')).toEqual(named('noise', 'shift'));
  });

  test('a name that is none is refused with those there are', () => {
    expect(() => findMeasures('energi')).toThrow(UsageError);
    expect(() => findMeasures('energi')).toThrow(
      /There is no measure "energi"; choose from: localisation, .*energy/,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { measure, median, plannedRuns, summarise } from '../../bench/statistics.js';
import { digits, percent, plural, table } from '../../bench/table.js';

describe('statistics', () => {
  test('the median is the middle value, or the mean of the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(summarise([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, runs: 3 });
  });

  test.each([
    ['fast', 10, { warmup: 5, runs: 20 }],
    ['slow', 100, { warmup: 1, runs: 10 }],
    ['slower', 400, { warmup: 1, runs: 3 }],
    ['slower than patience', 2000, { warmup: 0, runs: 1 }],
  ])('%s: as many runs as patience allows', (_, first, expected) => {
    expect(plannedRuns(first, { warmup: 5, runs: 20, milliseconds: 1000 })).toEqual(expected);
  });

  test('measures the runs after the warm-up', async () => {
    let calls = 0;
    const work = (): Promise<number> => Promise.resolve(++calls);
    const { milliseconds, results } = await measure(work, { warmup: 2, runs: 3, milliseconds: 1e9 });
    expect(results).toEqual([3, 4, 5]);
    expect(milliseconds).toHaveLength(3);
  });
});

describe('tables', () => {
  test('text to the left, numbers to the right, and a row may leave cells out', () => {
    const rows = [
      { name: 'a', ms: '1.00', share: '9.0 %' },
      { name: 'longer', ms: '12.0' },
    ];
    expect(table(rows)).toBe(['name      ms  share', 'a       1.00  9.0 %', 'longer  12.0'].join('\n'));
    expect(table([])).toBe('');
  });

  test.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [0.00001, '0.0000'],
    [1.2345, '1.23'],
    [123.4, '123'],
    [12345, '12345'],
    [NaN, '-'],
    [Infinity, '-'],
    [undefined, '-'],
  ])('%p is written %s', (value, written) => {
    expect(digits(value)).toBe(written);
  });

  test('shares and counts', () => {
    expect([plural(1, 'run'), plural(2, 'run')]).toEqual(['1 run', '2 runs']);
    expect(percent(0.1234)).toBe('12.3 %');
    expect(percent(undefined)).toBe('-');
  });
});

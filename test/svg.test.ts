import { describe, expect, test } from '@jest/globals';
import { attributes, escaped, niceTicks } from '../src/svg.js';

describe('SVG', () => {
  test('texts are escaped', () => {
    expect(escaped(`<a> & "b" 'c'\u0000`)).toBe('&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;');
    expect(attributes({ x: 1 / 3, fill: '"' })).toBe('x="0.33" fill="&quot;"');
  });

  test.each([
    [100, 12, 10],
    [92, 12, 10],
    [1, 5, 0.2],
    [0.03, 10, 0.005],
  ])('ticks up to %d are round', (end, most, step) => {
    const ticks = niceTicks(end, most);
    expect(ticks[1]).toBeCloseTo(step);
    expect(ticks.length).toBeLessThanOrEqual(most + 1);
  });

  test('of no time there is one tick', () => {
    expect(niceTicks(0, 10)).toEqual([0]);
    expect(niceTicks(NaN, 10)).toEqual([0]);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  density,
  intervalChart,
  rasterise,
  type Drawing,
  type IntervalChart,
} from '../../src/report/index.js';
import { expectGolden } from './golden.js';

const chart: IntervalChart = {
  caption: 'a model, 80 pictures; means with 95 % intervals, grey: baselines',
  panels: [
    { title: 'energy', note: 'more is better' },
    { title: 'gain', note: '' },
  ],
  rows: [
    { name: 'recommended', isBaseline: false, cells: [{ mean: 0.7, low: 0.65, high: 0.76 }, { mean: -1, low: -2, high: 0.5 }] }, // prettier-ignore
    { name: 'a-method-of-a-name-that-nobody-has-room-for', isBaseline: false, cells: [{ mean: 0.2, low: 0.1, high: 0.4 }, undefined] }, // prettier-ignore
    { name: 'centre', isBaseline: true, cells: [undefined, { mean: 3, low: 2.5, high: 4 }] },
  ],
};

/** Of all dots of a colour, the mean of their columns, in units. */
function middleOf(drawing: Drawing, [red, green, blue]: readonly number[], rows: readonly number[]): number {
  const { data, width } = rasterise(drawing);
  let [sum, count] = [0, 0];
  for (let i = 0; i < data.length / 3; i++) {
    const row = Math.floor(i / width) / density;
    if (row < rows[0] || row >= rows[1]) continue;
    if (data[3 * i] !== red || data[3 * i + 1] !== green || data[3 * i + 2] !== blue) continue;
    sum += (i % width) + 0.5;
    count++;
  }
  return sum / count / density;
}

describe('a chart of intervals', () => {
  test('is the golden one, which other numbers, another order or other colours are not', async () => {
    const [first, second, third] = chart.rows;
    await expectGolden('interval-chart', intervalChart(chart), [
      intervalChart({ ...chart, rows: [second, first, third] }),
      intervalChart({ ...chart, rows: [first, second, { ...third, isBaseline: false }] }),
      intervalChart({ ...chart, rows: [{ ...first, cells: first.cells.toReversed() }, second, third] }),
      intervalChart({ ...chart, panels: chart.panels.toReversed() }),
    ]);
  });

  test('has points where their numbers are, from 0 or below it to the largest end', () => {
    const at = (mean: number) => ({ mean, low: mean, high: mean });
    const rows = [-1, 0, 1.5, 3].map((mean) => ({ name: 'a', isBaseline: false, cells: [at(mean)] }));
    const drawing = intervalChart({ ...chart, panels: chart.panels.slice(0, 1), rows });
    expect([drawing.width, drawing.height]).toEqual([14 + 190 + 170 + 24, 62 + 4 * 18 + 34]);
    rows.forEach(({ cells: [{ mean }] }, row) => {
      const middle = middleOf(drawing, [0x0b, 0x69, 0xa3], [62 + 18 * row, 80 + 18 * row]);
      expect(Math.abs(middle - (14 + 190 + (170 * (mean + 1)) / 4))).toBeLessThan(0.5);
    });
  });

  test('of nothing at all is a frame', () => {
    const { shapes } = intervalChart({ ...chart, rows: [] });
    expect(shapes.flatMap(({ label }) => label ?? [])).toEqual([chart.caption, 'energy', 'more is better', '0', 'gain', '', '0']); // prettier-ignore
  });
});

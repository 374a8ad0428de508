import { expect, test } from '@jest/globals';
import { confusionTable, rasterise } from '../../src/report/index.js';
import { colormap } from '../../src/image/index.js';

test('a confusion matrix is coloured by the share of each row', () => {
  const labels = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  const counts = new Float64Array(900);
  for (let i = 0; i < 30; i++) counts[i * 30 + i] = i + 1;
  counts[1] = 1; // of the first row, half are taken for the second class
  const { data, width } = rasterise(confusionTable({ labels, counts, title: 'Thirty' }));
  const { table } = colormap('viridis');
  const colours = new Set<string>();
  for (let i = 0; i < data.length; i += 3) colours.add(String([...data.subarray(i, i + 3)]));
  for (const share of [0, 128, 255]) {
    expect(colours).toContain(String([...table.subarray(3 * share, 3 * share + 3)]));
  }
  expect(width).toBeGreaterThan(2 * 30 * 16);
});

test('and says how many, where there is room', () => {
  const few = confusionTable({ labels: ['a', 'b'], counts: [3, 1, 0, 4], title: 'Two' });
  const said = few.shapes.flatMap(({ label }) => label ?? []);
  expect(said).toEqual(expect.arrayContaining(['3', '1', '4', '0  a', '1  b']));
  // No number in an empty cell: its 0 would be the column's alone.
  expect(said.filter((text) => text === '0')).toHaveLength(1);
});

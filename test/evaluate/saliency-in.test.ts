import { expect, test } from '@jest/globals';
import { emptyRoom, saliencyIn } from '../../src/evaluate/saliency.js';
import { generator, randomValues, seed } from '../support/random.js';

const random = generator();
const room = emptyRoom();

test.each([
  [1, 1],
  [7, 5],
  [24, 33],
  [224, 224],
])(`%d x %d pixels: the highest and the sum are those of all of them (seed ${seed})`, (width, height) => {
  for (let i = 0; i < 40; i++) {
    const [rows, columns] = [1 + (i % 6), 1 + (i % 5)];
    const map = { grid: [rows, columns] as const, values: randomValues(rows * columns, random, -1, 1) };
    const { values, highest, sum } = saliencyIn(map, { width, height }, room);
    expect(highest).toBe(values.reduce((a, b) => Math.max(a, b)));
    expect(sum).toBeCloseTo(
      values.reduce((a, b) => a + b),
      6,
    );
  }
});

test.each([
  [7, 5],
  [24, 33],
  [64, 48],
])(`%d x %d pixels: each is between its four patches, and not below 0 (seed ${seed})`, (width, height) => {
  const [rows, columns] = [3, 4];
  const map = { grid: [rows, columns] as const, values: randomValues(rows * columns, random, -1, 1) };
  const largest = Math.max(...map.values.map(Math.abs));
  const placed = (pixel: number, pixels: number, patches: number): [first: number, weight: number] => {
    const place = Math.min(patches - 1, Math.max(0, ((pixel + 0.5) / pixels) * patches - 0.5));
    return [Math.min(patches - 2, Math.floor(place)), place - Math.min(patches - 2, Math.floor(place))];
  };
  const { values } = saliencyIn(map, { width, height }, room);
  for (const [i, value] of values.entries()) {
    const [row, down] = placed(Math.floor(i / width), height, rows);
    const [column, across] = placed(i % width, width, columns);
    const at = (r: number, c: number): number => map.values[(row + r) * columns + column + c] / largest;
    const above = at(0, 0) * (1 - across) + at(0, 1) * across;
    const below = at(1, 0) * (1 - across) + at(1, 1) * across;
    expect(value).toBeCloseTo(Math.max(0, above * (1 - down) + below * down), 10);
  }
});

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

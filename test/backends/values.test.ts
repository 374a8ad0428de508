import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { generator, seed } from '../support/random.js';

/*
 * Backends agreeing with each other proves little if all share a mistake: here they meet numbers that were
 * worked out by hand or come from elsewhere.
 */
describe.each(backendNames)('known values on %s', (name) => {
  const backends = useBackends();
  const run = async (y: v.Tensor): Promise<number[]> => Array.from((await evaluate({ y }, backends[name])).y);

  test('gelu against x * Phi(x) from tables of the normal distribution', async () => {
    const x = [-6, -3, -1, -0.5, 0, 0.5, 1, 3, 6];
    // Phi to ten digits, Abramowitz and Stegun, table 26.1.
    const phi = [9.865876e-10, 0.0013498980316, 0.1586552539, 0.3085375387, 0.5, 0.6914624613, 0.8413447461];
    const expected = [...phi, 0.9986501019684, 0.9999999990134].map((p, i) => p * x[i]);
    expectClose(await run(v.gelu(v.constant(x, [9]))), expected, { absolute: 5e-7 });
  });

  test('softmax of numbers whose exponentials overflow', async () => {
    const e = Math.E;
    const expected = [1 / (1 + e + e * e), e / (1 + e + e * e), (e * e) / (1 + e + e * e)];
    expectClose(await run(v.softmax(v.constant([1000, 1001, 1002], [3]))), expected, { absolute: 1e-7 });
  });

  test('layerNorm', async () => {
    const y = v.layerNorm(
      v.constant([1, 2, 3, 6], [4]),
      v.constant([1, 1, 1, 2], [4]),
      v.constant([0, 0, 0, 1], [4]),
      0,
    );
    const unit = Math.sqrt(3.5); // mean 3, variance (4 + 1 + 0 + 9) / 4
    expectClose(await run(y), [-2 / unit, -1 / unit, 0, 6 / unit + 1], { absolute: 1e-6 });
  });

  test('matmul with strided views and bias', async () => {
    const a = v.constant([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(await run(v.matmul(v.transpose(a), a, v.constant([100, 200, 300], [3])))).toEqual([
      117, 222, 327, 122, 229, 336, 127, 236, 345,
    ]);
  });

  test('zeroSmallest: ties go lower index first, -0 equals 0, negative numbers are smaller', async () => {
    const x = v.constant([3, 1, 2, 1, 1, 0, -0, -5, 0, 7, 7, 7], [2, 6]);
    expect(await run(v.zeroSmallest(x, 2))).toEqual([3, 0, 2, 1, 1, 0, 0, 0, 0, 7, 7, 7].map((n) => n + 0));
    expect(await run(v.zeroSmallest(v.constant([7, 7, 7, 7], [4]), 3))).toEqual([0, 0, 0, 7]);
    expect(await run(v.zeroSmallest(v.constant([5, 4], [2]), 2))).toEqual([0, 0]);
    expect(await run(v.largestMask(v.constant([NaN, Infinity, 1], [3]), 2))).toEqual([1, 0, 0]);
  });

  test(`zeroSmallest with many ties (seed ${seed})`, async () => {
    const random = generator();
    const row = Float32Array.from({ length: 5000 }, () => Math.floor(random() * 40) - 10);
    const order = Array.from(row.keys()).sort((i, j) => row[i] - row[j] || i - j);
    const expected = Float32Array.from(row);
    for (const i of order.slice(0, 2345)) expected[i] = 0;
    expect(await run(v.zeroSmallest(v.constant(row, [5000]), 2345))).toEqual(Array.from(expected));
  });

  test('NaN is passed on, never hidden, unless where does not choose it', async () => {
    const x = v.constant([NaN, 1], [2]);
    for (const y of [v.relu(x), v.gelu(x), v.add(x, 1), v.multiply(x, 0)])
      expect((await run(y))[0]).toBeNaN();
    expect(await run(v.where(v.constant([0, 1], [2]), x, 5))).toEqual([5, 1]);
    expect(await run(v.equal(x, x))).toEqual([0, 1]);
  });

  test('comparisons', async () => {
    const [a, b] = [v.constant([1, 2, 3], [3]), 2];
    expect(await run(v.less(a, b))).toEqual([1, 0, 0]);
    expect(await run(v.equal(a, b))).toEqual([0, 1, 0]);
    expect(await run(v.greater(a, b))).toEqual([0, 0, 1]);
  });

  test('sum over nothing is 0', async () => {
    const nothing = v.slice(v.constant([1, 2], [2, 1]), 0, 1, 1);
    expect(await run(v.sum(nothing, { axes: 0 }))).toEqual([0]);
  });
});

test('the measure of difference lets no NaN and no missing value pass', () => {
  expect(difference([NaN], [1]).absolute).toBe(Infinity);
  expect(difference([1], [NaN]).relative).toBe(Infinity);
  expect(() => difference([1], [1, 2])).toThrow();
  expect(difference([1, 2.5], [1, 2])).toEqual({ absolute: 0.5, relative: 0.5 / Math.sqrt(5) });
});

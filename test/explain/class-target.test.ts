import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { generator, randomValues, seed } from '../support/random.js';

describe(`the explained target (seed ${seed})`, () => {
  const backends = useBackends();
  const classes = 7;
  const logits = v.input('logits', [2, classes]);

  test.each(backendNames)('class and contrast are the same for every image, on %s', async (name) => {
    const result = await evaluate(
      {
        one: v.targetSeed(logits, { kind: 'class', index: 6 }),
        contrast: v.targetSeed(logits, { kind: 'contrast', index: 1, against: 4 }),
        nothing: v.targetSeed(logits, { kind: 'contrast', index: 3, against: 3 }),
      },
      backends[name],
      { logits: new Float32Array(2 * classes) },
    );
    const twice = (row: number[]): number[] => [...row, ...row];
    expect(Array.from(result.one)).toEqual(twice([0, 0, 0, 0, 0, 0, 1]));
    expect(Array.from(result.contrast)).toEqual(twice([0, 1, 0, 0, -1, 0, 0]));
    expect(Array.from(result.nothing)).toEqual(twice([0, 0, 0, 0, 0, 0, 0]));
  });

  test.each(backendNames)('a rank is looked up in each image, on %s', async (name) => {
    const values = randomValues(2 * classes, generator());
    const seeds = Object.fromEntries(
      Array.from({ length: classes }, (_, rank): [string, v.Tensor] => [
        `${rank}`,
        v.targetSeed(logits, { kind: 'rank', rank }),
      ]),
    );
    const result = await evaluate(seeds, backends[name], { logits: values });
    const order = [0, 1].map((row) => {
      const own = values.subarray(row * classes, (row + 1) * classes);
      return Array.from(own.keys()).sort((a, b) => own[b] - own[a]);
    });
    for (let rank = 0; rank < classes; rank++) {
      const expected = order.flatMap((ranked) =>
        Array.from({ length: classes }, (_, index) => Number(index === ranked[rank])),
      );
      expect(Array.from(result[rank])).toEqual(expected);
    }
  });

  test.each(backendNames)('equal logits share out the ranks, one class each, on %s', async (name) => {
    const values = Float32Array.from([1, 5, 5, 0, 5, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
    const seeds = Object.fromEntries(
      Array.from({ length: classes }, (_, rank): [string, v.Tensor] => [
        `${rank}`,
        v.targetSeed(logits, { kind: 'rank', rank }),
      ]),
    );
    const result = await evaluate(seeds, backends[name], { logits: values });
    const total = Array<number>(2 * classes).fill(0);
    for (let rank = 0; rank < classes; rank++) {
      for (const row of [0, 1]) {
        const own = Array.from(result[rank].subarray(row * classes, (row + 1) * classes));
        expect([...own].sort()).toEqual([0, 0, 0, 0, 0, 0, 1]);
        own.forEach((value, index) => (total[row * classes + index] += value));
      }
    }
    expect(total).toEqual(Array(2 * classes).fill(1));
  });

  test.each([-1, 7, 0.5, NaN])('there is no class and no rank %f of seven', (index) => {
    expect(() => v.targetSeed(logits, { kind: 'class', index })).toThrow(v.UsageError);
    expect(() => v.targetSeed(logits, { kind: 'rank', rank: index })).toThrow(v.UsageError);
    expect(() => v.targetSeed(logits, { kind: 'contrast', index, against: 0 })).toThrow(v.UsageError);
    expect(() => v.targetSeed(logits, { kind: 'contrast', index: 0, against: index })).toThrow(v.UsageError);
  });
});

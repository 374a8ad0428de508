import { describe, expect, test } from '@jest/globals';
import { canonical, isOfShard, keyOf } from '../../src/batch/plan.js';
import { Gate } from '../../src/batch/work/gate.js';
import { Runs } from '../../src/batch/work/runs.js';
import { statisticsOf } from '../../src/batch/results/statistics.js';

describe('statistics of a map', () => {
  test('by hand', () => {
    // Mean 1, squares of distances 9 + 4 + 1 + 1 + 1 + 16 = 32; of 8 positive, one patch of six holds 5.
    expect(statisticsOf(Float32Array.from([-2, 3, 0, 0, 0, 5]), [2, 3])).toEqual({
      minimum: -2,
      maximum: 5,
      mean: 1,
      deviation: Math.sqrt(32 / 6),
      peak: [1, 2],
      half: 1 / 6,
    });
  });

  test('where nothing is positive, and where all is the same', () => {
    expect(statisticsOf(Float32Array.of(-1, -2), [1, 2])).toMatchObject({
      half: null,
      peak: [0, 0],
      maximum: -1,
    });
    expect(statisticsOf(Float32Array.of(1, 1, 1, 1), [2, 2])).toMatchObject({
      half: 0.5,
      peak: [0, 0],
      deviation: 0,
    });
  });
});

describe('keys', () => {
  test('depend on plan, picture and class, and not on the order of names', () => {
    const key = keyOf('plan', 'picture', [{ kind: 'class', index: 1 }]);
    expect(key).toMatch(/^[\da-f]{32}$/);
    expect(keyOf('plan', 'picture', [JSON.parse('{"index":1,"kind":"class"}') as never])).toBe(key);
    const others = [keyOf('plan', 'picture', undefined), keyOf('plan', 'other', undefined), keyOf('other', 'picture', undefined)]; // prettier-ignore
    expect(new Set([key, ...others]).size).toBe(4);
    expect(canonical({ b: [{ d: 1, c: null }], a: 2 })).toBe('{"a":2,"b":[{"c":null,"d":1}]}');
  });

  test('each falls to one shard', () => {
    for (let i = 0; i < 50; i++) {
      const key = keyOf('plan', String(i), undefined);
      const own = [1, 2, 3].filter((number) => isOfShard(key, { number, of: 3 }));
      expect(own).toHaveLength(1);
    }
  });
});

describe('runs', () => {
  const found = { predictions: [], maps: [] };
  const picture = { forms: [], targets: undefined };

  test('are full while others are on their way, and wait for nobody at the end', async () => {
    const sizes: number[] = [];
    const explain = (pictures: readonly unknown[]) => {
      sizes.push(pictures.length);
      return Promise.resolve(pictures.map(() => found));
    };
    const runs = new Runs({ explain, runs: 1 }, 2);
    const overs = Array.from({ length: 5 }, () => runs.announce());
    await Promise.all(overs.slice(0, 4).map((over) => runs.explain(picture, over)));
    expect(sizes).toEqual([2, 2]);
    await runs.explain(picture, overs[4]);
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('do not wait for a picture that fails', async () => {
    const runs = new Runs({ explain: (all: readonly unknown[]) => Promise.resolve(all.map(() => found)), runs: 1 }, 2); // prettier-ignore
    const [first, second] = [runs.announce(), runs.announce()];
    const explained = runs.explain(picture, first);
    second();
    await expect(explained).resolves.toBe(found);
  });

  test('a failing device fails all of a run', async () => {
    const runs = new Runs({ explain: () => Promise.reject(new Error('lost')), runs: 1 }, 2);
    await expect(Promise.all([runs.explain(picture), runs.explain(picture)])).rejects.toThrow('lost');
  });
});

test('a gate lets in so many, and then one for each that leaves', async () => {
  const gate = new Gate(() => 2);
  await gate.enter();
  await gate.enter();
  let isIn = false;
  const third = gate.enter().then(() => (isIn = true));
  await Promise.resolve();
  expect(isIn).toBe(false);
  gate.leave();
  await third;
  expect(isIn).toBe(true);
});

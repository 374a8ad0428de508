import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

describe(`the explained target (seed ${seed})`, () => {
  const backends = useBackends();
  const classes = 7;
  const logits = v.input('logits', [2, classes]);

  /** What each target becomes, both images having the same one. */
  const seedsOf = async (
    name: (typeof backendNames)[number],
    values: Float32Array,
    targets: readonly (readonly [v.ClassTarget, v.ClassTarget])[],
  ): Promise<number[][]> => {
    const ranks = targets.flat().some(({ kind }) => kind === 'rank') ? classes : 0;
    const target = v.targetInput('target', logits, { ranks });
    const results: number[][] = [];
    for (const each of targets) {
      const given = { logits: values, ...target.values(each) };
      results.push(Array.from((await evaluate({ y: target.seed }, backends[name], given)).y));
    }
    return results;
  };
  const ofBoth = (target: v.ClassTarget) => [target, target] as const;

  test.each(backendNames)('each image has a class or a contrast of its own, on %s', async (name) => {
    const result = await seedsOf(name, new Float32Array(2 * classes), [
      ofBoth({ kind: 'class', index: 6 }),
      [
        { kind: 'contrast', index: 1, against: 4 },
        { kind: 'class', index: 0 },
      ],
      ofBoth({ kind: 'contrast', index: 3, against: 3 }),
    ]);
    expect(result).toEqual([
      [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1],
      [0, 1, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
      Array<number>(14).fill(0),
    ]);
  });

  test.each(backendNames)('a rank is looked up in each image, on %s', async (name) => {
    const values = randomValues(2 * classes, generator());
    const targets = Array.from({ length: classes }, (_, rank) => {
      return [
        { kind: 'rank', rank },
        { kind: 'rank', rank: classes - 1 - rank },
      ] as const;
    });
    const result = await seedsOf(name, values, targets);
    const order = [0, 1].map((row) => {
      const own = values.subarray(row * classes, (row + 1) * classes);
      return Array.from(own.keys()).sort((a, b) => own[b] - own[a]);
    });
    for (let rank = 0; rank < classes; rank++) {
      const chosen = [order[0][rank], order[1][classes - 1 - rank]];
      expect(result[rank]).toEqual(
        chosen.flatMap((own) => Array.from({ length: classes }, (_, index) => Number(index === own))),
      );
    }
  });

  test.each(backendNames)('a class beside ranks that a program could look up, on %s', async (name) => {
    const target = v.targetInput('target', logits, { ranks: 2 });
    const mixed = target.values([
      { kind: 'rank', rank: 1 },
      { kind: 'class', index: 2 },
    ]);
    const values = Float32Array.from([...[0, 1, 2, 3, 4, 5, 6], ...[6, 5, 4, 3, 2, 1, 0]]);
    const { y } = await evaluate({ y: target.seed }, backends[name], { logits: values, ...mixed });
    expect(Array.from(y)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  test.each(backendNames)('equal logits share out the ranks, one class each, on %s', async (name) => {
    const values = Float32Array.from([1, 5, 5, 0, 5, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
    const targets = Array.from({ length: classes }, (_, rank) => ofBoth({ kind: 'rank', rank }));
    const result = await seedsOf(name, values, targets);
    const total = Array<number>(2 * classes).fill(0);
    for (let rank = 0; rank < classes; rank++) {
      for (const row of [0, 1]) {
        const own = result[rank].slice(row * classes, (row + 1) * classes);
        expect([...own].sort()).toEqual([0, 0, 0, 0, 0, 0, 1]);
        expect(own[v.classOfRank(values.slice(row * classes, (row + 1) * classes), rank)]).toBe(1);
        own.forEach((value, index) => (total[row * classes + index] += value));
      }
    }
    expect(total).toEqual(Array(2 * classes).fill(1));
  });

  test.each(backendNames)(
    'norm, similarity and a single feature, and their gradients, on %s',
    async (name) => {
      const random = generator();
      const [values, other] = [randomValues(2 * classes, random), randomValues(classes, random)];
      const target = v.targetInput('target', logits, { ranks: 0, features: true });
      // By the chain rule alone, with the same numbers as a graph: what is differentiated is written out.
      const [norm, sum] = [
        v.sqrt(v.sum(v.multiply(logits, logits), { axes: 1, keepDims: true })),
        v.sum(v.multiply(logits, v.constant(other, [1, classes])), { axes: 1, keepDims: true }),
      ];
      const cosine = v.divide(sum, v.multiply(norm, Math.hypot(...other)));
      const feature = v.slice(logits, 1, 3, 4);
      const expected: [v.ClassTarget, v.Tensor][] = [
        [{ kind: 'norm' }, norm],
        [{ kind: 'similarity', to: other }, cosine],
        [{ kind: 'feature', index: 3 }, feature],
      ];
      for (const [asked, y] of expected) {
        const score = target.scoreOf(v.reshape(logits, [2, 1, classes]));
        const outputs = { score, seed: target.seed, y, slope: v.gradient(y, [logits])[0] };
        const given = { logits: values, ...target.values(ofBoth(asked)) };
        const found = await evaluate(outputs, backends[name], given);
        expect(difference(found.score, found.y).relative).toBeLessThan(1e-6);
        expect(difference(found.seed, found.slope).relative).toBeLessThan(2e-6);
        expect(Math.max(...found.slope.map(Math.abs))).toBeGreaterThan(1e-3);
        // Of several logits of each image at once, each what it is alone.
        const others = [logits, v.multiply(logits, logits), v.add(logits, 1)];
        const rows = others.map((row) => v.reshape(row, [2, 1, classes]));
        const scores = await evaluate(
          { together: target.scoreOf(v.concat(rows, 1)), alone: v.concat(rows.map(target.scoreOf), 1) },
          backends[name],
          given,
        );
        expect(difference(scores.together, scores.alone).relative).toBeLessThan(1e-6);
      }
    },
  );

  test('similarity to nothing, to another number of features, and where nobody asked for it', () => {
    const withFeatures = v.targetInput('target', logits, { ranks: 0, features: true });
    const to = (given: readonly number[]): v.ClassTarget => ({
      kind: 'similarity',
      to: Float32Array.from(given),
    });
    expect(() => withFeatures.values(ofBoth(to([0, 0, 0, 0, 0, 0, 0])))).toThrow(/without a direction/);
    expect(() => withFeatures.values(ofBoth(to([0, 0, 0, NaN, 0, 0, 0])))).toThrow(/without a direction/);
    expect(() => withFeatures.values(ofBoth(to([1])))).toThrow(
      /to 1 features was asked for; this model has 7/,
    );
    const without = v.targetInput('target', logits, { ranks: 0 });
    expect(() => without.values(ofBoth({ kind: 'norm' }))).toThrow(/^This program explains no norm/);
  });

  test.each([-1, 7, 0.5, NaN])('there is no class and no rank %f of seven', (index) => {
    const { values, check } = v.targetInput('target', logits, { ranks: classes });
    const noClass = `There is no class ${index}; this model has classes 0 to 6.`;
    const refusals: [v.ClassTarget, string][] = [
      [{ kind: 'class', index }, noClass],
      [{ kind: 'rank', rank: index }, `There is no rank ${index}; this program looks up 7 ranks.`],
      [{ kind: 'contrast', index, against: 0 }, noClass],
      [{ kind: 'contrast', index: 0, against: index }, noClass],
      [{ kind: 'feature', index }, `There is no feature ${index}; this model has features 0 to 6.`],
    ];
    for (const [target, refusal] of refusals) {
      expect(() => values(ofBoth(target))).toThrow(new v.UsageError(refusal));
      expect(() => {
        check(target);
      }).toThrow(refusal);
    }
    check({ kind: 'class', index: 6 });
    check({ kind: 'rank', rank: 6 });
  });

  test.each([-1, 8, 0.5, NaN])('a target cannot choose from %f ranks of seven classes', (ranks) => {
    expect(() => v.targetInput('target', logits, { ranks })).toThrow(
      new v.UsageError(`A target cannot choose from ${ranks} ranks; this model has 7 classes.`),
    );
  });

  test('ranks are given where there are any', () => {
    const given = (ranks: number): string[] =>
      Object.keys(v.targetInput('target', logits, { ranks }).values(ofBoth({ kind: 'class', index: 0 })));
    expect(given(0)).toEqual(['target.classes']);
    expect(given(1)).toEqual(['target.classes', 'target.ranks']);
    expect(given(classes)).toEqual(['target.classes', 'target.ranks']);
  });
});

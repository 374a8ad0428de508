import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe(`activation maximisation (seed ${seed})`, () => {
  const backends = useBackends();
  const { model } = microModel();
  const preprocessing = v.scenesPreprocessing(32);
  const subject = { model, preprocessing };
  const unit = v.parseUnit('logit:2');

  /** To the end. */
  const ascent = async (
    given: v.GivenAscentOptions,
    of: v.Unit = unit,
    backend: v.Backend = backends.reference,
  ) => {
    const maximiser = await v.Maximiser.create(subject, backend, of, given);
    const heights: v.Height[] = [];
    for await (const height of maximiser.climb()) heights.push(height);
    const end = await maximiser.look();
    maximiser.dispose();
    return { heights, ...end };
  };
  const stepsAt = ({ data, width, height }: v.Picture, isSeam: boolean): number => {
    const steps = range(height).flatMap((y) =>
      range(width - 1)
        .filter((x) => ((x + 1) % 8 === 0) === isSeam)
        .map((x) => Math.abs(data[(y * width + x) * 3] - data[(y * width + x + 1) * 3])),
    );
    return steps.reduce((a, b) => a + b, 0) / steps.length;
  };

  test.each(['logit:2', 'blocks.1.mlp:3', 'blocks.0.k:5', 'blocks.1.head:1'])(
    '%s is excited more and more, the same for the same seed',
    async (name) => {
      const of = v.parseUnit(name);
      const options = { steps: 24, jitter: 3, tv: 0.05 };
      const first = await ascent(options, of);
      expect(first.heights.map(({ step }) => step)).toEqual(range(24).map((i) => i + 1));
      expect(first.activation).toBeGreaterThan(first.heights[0].activation + 0.05);
      expect(await ascent(options, of)).toEqual(first);
      const other = await ascent({ ...options, seed: 1 }, of);
      expect(other.picture.data).not.toEqual(first.picture.data);
    },
  );

  test('a picture that is only rolled comes back whole, wherever it is looked at', async () => {
    const options = { steps: 5, rate: 0, jitter: 11 };
    const maximiser = await v.Maximiser.create(subject, backends.reference, unit, options);
    const begin = await maximiser.look();
    expect(new Set(begin.picture.data).size).toBeGreaterThan(20);
    let moved = 0;
    for await (const { step } of maximiser.climb()) {
      const now = await maximiser.look();
      expect(now.picture).toEqual(begin.picture);
      if (step < options.steps) moved += Number(now.activation !== begin.activation);
      else expect(now.activation).toBe(begin.activation);
    }
    // The model sees it at other places meanwhile.
    expect(moved).toBeGreaterThan(0);
    maximiser.dispose();
  });

  test('smoother with total variation, and without a grid with continuity', async () => {
    const options = { steps: 16, jitter: 0 };
    const rough = await ascent({ ...options, tv: 0 });
    const smooth = await ascent({ ...options, tv: 0.5 });
    expect(stepsAt(smooth.picture, false)).toBeLessThan(0.7 * stepsAt(rough.picture, false));
    const joined = await ascent({ ...options, tv: 0, continuity: 2 });
    expect(stepsAt(joined.picture, true)).toBeLessThan(0.7 * stepsAt(rough.picture, true));
  });

  test('goes on where it was left, and is called off', async () => {
    const options = { steps: 6, jitter: 2 };
    const whole = await ascent(options);
    const maximiser = await v.Maximiser.create(subject, backends.reference, unit, options);
    for await (const { step } of maximiser.climb()) if (step === 2) break;
    const rest: v.Height[] = [];
    for await (const height of maximiser.climb()) rest.push(height);
    expect(rest).toEqual(whole.heights.slice(2));
    expect((await maximiser.look()).picture).toEqual(whole.picture);
    maximiser.dispose();
    expect(backends.reference.memory().bytes).toBe(0);

    const another = await v.Maximiser.create(subject, backends.reference, unit, options);
    const caller = new AbortController();
    const climbing = async (): Promise<void> => {
      for await (const { step } of another.climb(caller.signal)) {
        if (step === 2) caller.abort(new Error('the person left'));
      }
    };
    await expect(climbing()).rejects.toThrow('the person left');
    another.dispose();
  });

  test.each(backendNames)('one step is what its formula says, on %s', async (name) => {
    const { model: oblong } = zooModel(zooFixtures, 'vit_patch_oblong');
    const [channels, height, width] = oblong.inputShape;
    const patch = [height / oblong.geometry.grid[0], width / oblong.geometry.grid[1]] as const;
    expect(patch[0]).not.toBe(patch[1]);
    const size = channels * height * width;
    const before = randomValues(size, generator());
    const x = v.input('x', [1, channels, height, width]);
    const pass = v.forwardPass(oblong, x);
    const [tv, continuity, rate] = [0.3, 0.7, 0.4];
    const limits = { least: Array<number>(channels).fill(-0.6), greatest: Array<number>(channels).fill(0.9) };
    const step = v.uphill(
      pass,
      v.parseUnit('logit:1'),
      { tv, continuity },
      { rate: v.input('rate', [1]), range: limits, patch },
    );
    const [slope] = v.gradient(v.slice(pass.logits, 1, 1, 2), [x]);
    const found = await evaluate({ ...step, slope, logits: pass.logits }, backends[name], {
      x: before,
      rate: Float32Array.of(rate),
    });
    expectClose(found.activation, [found.logits[1]], { absolute: 1e-6 });
    const strength = Math.sqrt(Array.from(found.slope).reduce((sum, g) => sum + g * g, 0) / size);
    const roughening = new Float64Array(size);
    const meet = (one: number, other: number, weight: number): void => {
      const difference = before[other] - before[one];
      const pull = (weight * difference) / Math.sqrt(difference ** 2 + 1e-3);
      roughening[other] += pull;
      roughening[one] -= pull;
    };
    for (let at = 0; at < size; at++) {
      const [row, column] = [Math.floor(at / width) % height, at % width];
      if (row + 1 < height) meet(at, at + width, (row + 1) % patch[0] === 0 ? tv + continuity : tv);
      if (column + 1 < width) meet(at, at + 1, (column + 1) % patch[1] === 0 ? tv + continuity : tv);
    }
    const expected = before.map((value, i) =>
      Math.min(0.9, Math.max(-0.6, value + rate * (found.slope[i] / strength - roughening[i]))),
    );
    expectClose(found.picture, expected, { absolute: name === 'reference' ? 1e-6 : 2e-5 });
    const inside = expected.filter((value) => value > -0.6 && value < 0.9);
    expect(inside.length).toBeGreaterThan(size / 4);
    expect(inside.length).toBeLessThan(size);
    expect(difference(found.picture, before).relative).toBeGreaterThan(0.1);
  });

  for (const name of backendNames.filter((one) => one !== 'reference')) {
    test(`climbs on ${name} as on the reference`, async () => {
      const options = { steps: 3, jitter: 4 };
      const [there, here] = [await ascent(options, unit, backends[name]), await ascent(options)];
      expectClose(there.heights.map((h) => h.activation), here.heights.map((h) => h.activation), { relative: 1e-3 }); // prettier-ignore
      // A step of one in 255 where a value lies between two.
      expect(difference(there.picture.data, here.picture.data).absolute).toBeLessThanOrEqual(2);
    });
  }

  test('refuses options out of range, and units of other models', async () => {
    const create = (given: object, of: v.Unit = unit) =>
      v.Maximiser.create(subject, backends.reference, of, given);
    await expect(create({ steps: 0 })).rejects.toThrow('steps is 0; give a whole number from 1 to 10000.');
    await expect(create({ jitter: 1.5 })).rejects.toThrow('jitter is 1.5; give a whole number of pixels');
    await expect(create({ tv: -1 })).rejects.toThrow('tv is -1; give a number from 0 to 1000.');
    await expect(create({ layers: 3 })).rejects.toThrow(
      /There is no option layers here; there is steps, rate, tv/,
    );
    await expect(create({}, v.parseUnit('logit:99'))).rejects.toThrow('There is no logit:99;');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { TrainingFolder } from '../support/training-folder.js';
import { refusalOf, type Outcome } from './command.js';

let place: TrainingFolder;
beforeAll(async () => {
  place = await TrainingFolder.make();
});
afterAll(() => place.remove());
beforeEach(() => {
  place.another();
});

/** What no training survives. */
const absurd = { learningRate: 1e30, finalLearningRate: 1e30 };
const low = { learningRate: 1e-3 };

/** The sentence in which a training ends that had begun. */
function end(outcome: Outcome): string {
  return refusalOf({ ...outcome, stdout: '' });
}

describe('a training that diverges', () => {
  test('before its first checkpoint leaves nothing', async () => {
    await place.configure(absurd);
    expect(end(await place.train())).toMatch(
      /^The training diverged at step \d: .* is (NaN|Infinity)[^;]*; nothing was saved, so begin again with a lower "learningRate"\.$/,
    );
    expect(existsSync(place.out)).toBe(false);
  });

  test('keeps its last checkpoint and its best, and goes on from either with a lower rate', async () => {
    const settings = { steps: 24, batch: 24, checkpointEvery: 4 };
    await place.configure(settings);
    const training = place.start();
    await training.until(() => training.stdout.includes('step 8/'));
    training.kill('SIGTERM');
    expect(await training.ended).toBe(143);
    const step = await place.step();
    const files = (): Promise<Buffer[]> =>
      Promise.all(['checkpoint', 'best', 'model'].map((name) => place.read(`${name}.safetensors`)));
    const before = await files();

    await place.configure({ ...settings, ...absurd });
    const diverged = await place.train('--resume');
    expect(diverged.stdout).toContain(
      `resume  step ${step}, with "learningRate" 1e+30 instead of 0.003 and "finalLearningRate" 1e+30 instead of 0.0001\n`,
    );
    const found =
      /^The training diverged at step (\d+): [^;]* is (?:NaN|Infinity)[^;]*; lower "learningRate" and go on from step (\d+) with --resume(?:, from step (\d+), the best so far, with --resume best)?, or begin again in another folder with --out\.$/.exec(
        end(diverged),
      )!;
    const [at, last, best] = [Number(found[1]), Number(found[2]), Number(found.at(3) ?? step)];
    expect(last).toBe(step);
    expect(at).toBeGreaterThan(step);
    expect(at).toBeLessThan(step + 5);
    expect(await files()).toEqual(before);
    expect(await place.step()).toBe(step);

    await place.configure({ ...settings, ...low });
    const from = place.out;
    for (const [args, begin] of [
      [['--resume'], step],
      [['--resume', 'best'], best],
    ] as const) {
      place.another();
      await cp(from, place.out, { recursive: true });
      const resumed = await place.train(...args);
      expect(resumed).toMatchObject({ status: 0, stderr: '' });
      expect(resumed.stdout).toContain(`resume  step ${begin}, with "learningRate" 0.001 instead of 0.003\n`);
      expect(await place.step()).toBe(settings.steps);
    }
  });

  test('leaves no checkpoint of which no step could be made, however finite it is', async () => {
    // The loss grows by millions a step, until the gradients' norm is too large for its type while the loss is not.
    const settings = { steps: 40, checkpointEvery: 1 };
    await place.configure({ ...settings, learningRate: 1e3 });
    expect(end(await place.train())).toMatch(/^The training diverged at step \d+: /);
    const step = await place.step();
    await place.configure({ ...settings, ...low, checkpointEvery: 40 });
    const resumed = await place.train('--resume');
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(resumed.stdout).toContain(`resume  step ${step}, with "learningRate" 0.001 instead of 1000\n`);
  });

  test('has no best checkpoint to go on from where none was measured', async () => {
    await place.configure({ steps: 2000, checkpointEvery: 2000 });
    const training = place.start();
    await training.until(() => training.stdout.includes('step 50/'));
    training.kill('SIGTERM');
    expect(await training.ended).toBe(143);
    expect(refusalOf(await place.train('--resume', 'best'))).toMatch(
      /^There is no training to resume: cannot read .*best\.safetensors, there is no such file; go on from the last checkpoint with --resume\.$/,
    );
    expect(refusalOf(await place.train('--resume', 'first'))).toBe(
      '--resume does not know "first"; choose one of: last, best, or leave the name out.',
    );
  });
});

describe('a training that is too large', () => {
  const model = { imageSize: 24, patchSize: 8, width: 16, depth: 2, heads: 2, hidden: 24 };

  test.each([
    ['a model', { model: { ...model, hidden: 2e9 } }],
    ['as many blocks', { model: { ...model, depth: 1e9 } }],
    ['a batch', { batch: 8e7 }],
    ['an image', { model: { ...model, imageSize: 24_000 } }],
  ])('is refused with what it would take, before it takes it: %s', async (_, changes) => {
    await place.configure(changes);
    expect(refusalOf(await place.train())).toMatch(
      /^The configuration ".*config\.json" needs about [\d.]+ [TPE]B of memory, [\d.]+ \wB of it for [\d.]+( million)? parameters and their checkpoints and [\d.]+ \wB for their gradients and \d+ images a step; here there are [\d.]+ [MGT]B, so make the model or the batch smaller\.$/,
    );
    expect(existsSync(place.out)).toBe(false);
  });

  test.each([
    ['a model', { model: { ...model, hidden: 2e9, width: 2e9 } }],
    ['an image', { model: { ...model, imageSize: 80_000_000 } }],
  ])('or cannot even be counted: %s', async (_, changes) => {
    await place.configure(changes);
    expect(refusalOf(await place.train())).toMatch(
      /^The configuration ".*config\.json" is too large: .* would have more elements than can be counted; make it smaller\.$/,
    );
    expect(existsSync(place.out)).toBe(false);
  });
});

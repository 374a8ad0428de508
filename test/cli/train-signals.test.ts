import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingFolder } from '../support/training-folder.js';
import { refusalOf } from './command.js';

const results = [
  'best.safetensors',
  'checkpoint.json',
  'checkpoint.safetensors',
  'curve.svg',
  'log.csv',
  'model.safetensors',
];
/** And of a training that came to its end. */
const ended = [...results, 'confusion.csv', 'confusion.png', 'test.json'].sort();
/** Steps that are long enough for a signal to arrive within one. */
const slow = { steps: 24, batch: 32, checkpointEvery: 5 };

let place: TrainingFolder;
beforeAll(async () => {
  place = await TrainingFolder.make();
});
afterAll(() => place.remove());
beforeEach(() => {
  place.another();
});

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a training that is asked to stop', () => {
  let uninterrupted: Buffer;
  beforeAll(async () => {
    await place.configure(slow);
    place.another();
    expect(await place.train()).toMatchObject({ status: 0 });
    uninterrupted = await place.read('checkpoint.safetensors');
  });

  test('leaves a checkpoint, whoever asks, and goes on to the same numbers', async () => {
    let step = 0;
    for (const [signal, status] of [
      // Each twice: npm passes a Ctrl-C on once more, and a terminal that is closed says so twice.
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const training = place.start(...(step === 0 ? [] : ['--resume']));
      const next = slow.checkpointEvery * (1 + Math.floor(step / slow.checkpointEvery));
      await training.until(() => training.stdout.includes(`step ${next}/`));
      if (signal === 'SIGHUP') training.leaveAlone();
      for (let time = 0; time < 2; time++) {
        training.kill(signal);
        await pause(20);
      }
      expect(await training.ended).toBe(status);
      if (signal !== 'SIGHUP') expect(training.stderr).toContain('stopping after this step');
      expect(await place.files()).toEqual(results);
      step = await place.step();
      expect(step).toBeGreaterThanOrEqual(next);
      expect(step).toBeLessThan(slow.steps);
    }
    const resumed = await place.train('--resume');
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(resumed.stdout).toMatch(/^device .*\ndata .*\nfiles .*\nresume {2}step \d+\n/);
    expect((await place.read('checkpoint.safetensors')).equals(uninterrupted)).toBe(true);
  });

  test('before its first step leaves nothing', async () => {
    const training = place.start();
    await training.until(() => training.stdout.includes('files'));
    training.kill('SIGTERM');
    expect(await training.ended).toBe(143);
    expect(training.stdout).toMatch(/stopped (before the first step|after step \d)/);
  });

  test('by a second Ctrl-C ends at once, without a checkpoint and with nothing half-written', async () => {
    // Nobody waits for so many images to be looked at.
    await place.configure({ steps: 60, checkpointEvery: 51, validationImages: 1_000_000 });
    try {
      const training = place.start();
      await training.until(() => training.stdout.includes('step 50/'));
      training.kill('SIGINT');
      await training.until(() => training.stderr.includes('once more to stop at once'));
      while (training.running) {
        await pause(300);
        training.kill('SIGINT');
      }
      expect(await training.ended).toBe(130);
      expect(await place.files()).toEqual([]);
    } finally {
      await place.configure(slow);
    }
  });
});

test('a training that was killed while it wrote is gone on with, and what it left is cleared', async () => {
  await place.configure({ steps: 2000, checkpointEvery: 1, validationImages: 1 });
  const isSaved = (): boolean => existsSync(join(place.out, 'checkpoint.safetensors'));
  const isHidden = (name: string): boolean => name.endsWith('.tmp');
  let resume: string[] = [];
  do {
    const training = place.start(...resume);
    await training.until(() => training.stdout.includes('step') && isSaved());
    const step = await place.step();
    // Files are taken away as fast as they come: several may have to be caught.
    await training.until(() => readdirSync(place.out).some(isHidden));
    training.kill('SIGKILL');
    expect(await training.ended).toBe(137);
    expect(await place.files()).toContain('training.lock');
    expect(await place.step()).toBeGreaterThanOrEqual(step);
    resume = ['--resume'];
  } while (!(await place.files()).some(isHidden));
  const step = await place.step();
  const training = place.start('--resume');
  await training.until(() => training.stdout.includes('step'));
  expect(training.stdout).toContain(`resume  step ${step}\n`);
  await training.until(() => training.stdout.includes(`step ${step + 3}/`));
  training.kill('SIGINT');
  expect(await training.ended).toBe(130);
  expect(await place.files()).toEqual(results);
});

describe('two trainings into one folder', () => {
  test('the second is told about the first, which goes on', async () => {
    await place.configure({ ...slow, steps: 40 });
    const first = place.start();
    await first.until(() => first.stdout.includes('files'));
    const refusal = new RegExp(
      `^Another training writes into .*: process ${first.pid}; wait until it has ended, or name another folder with --out\\.$`,
    );
    expect(refusalOf(await place.train())).toMatch(refusal);
    expect(refusalOf(await place.train('--resume'))).toMatch(refusal);
    expect(await first.ended).toBe(0);
    expect(await place.step()).toBe(40);
    expect(await place.files()).toEqual(ended);
  });

  test('of two at the same moment, one trains', async () => {
    await place.configure({});
    const outcomes = await Promise.all([place.train(), place.train()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([0, 2]);
    const refused = outcomes.find(({ status }) => status === 2)!;
    expect(refusalOf(refused)).toMatch(/Another training writes into|already holds a training/);
    expect(await place.files()).toEqual(ended);
  });
});

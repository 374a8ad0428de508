import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRandomCheckpoint } from '../support/random-checkpoint.js';
import { packageFolder, packageJson, run } from './command.js';

/** VITRINE_FULL=1 takes the largest model, which needs some GB of memory and of the disk. */
const full = process.env['VITRINE_FULL'] === '1';
const model = full ? 'vit_large_patch16_224' : 'vit_small_patch16_224';

const peakMemory = fileURLToPath(new URL('../support/peak-memory.cjs', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-memory-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe(`the memory that an explanation of ${model} takes at most`, () => {
  // The native backend has each weight packed once, with a backward pass, too, as long as it runs once. What the weights were read
  // into must not come on top.
  test.each([
    ['rollout', 1.2],
    ['gradient-rollout', 1.3],
  ])('%s: %d times its weights, and 150 MB', async (method, times) => {
    const weights = join(folder, 'weights.safetensors');
    const bytes = writeRandomCheckpoint(weights, model);
    const peak = join(folder, 'peak');
    const { status, stderr } = await run(
      process.execPath,
      [
        ...['--require', peakMemory, join(packageFolder, packageJson.bin.vitrine), 'explain'],
        ...[join(packageFolder, 'examples', 'chelsea.png'), '--out', join(folder, method)],
        ...['--model', model, '--weights', weights, '--method', method],
        ...['--device', 'native', '--threads', '2'],
      ],
      { cwd: folder, env: { VITRINE_TEST_PEAK: peak } },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(Number(await readFile(peak, 'utf8'))).toBeLessThan(times * bytes + 150e6);
  });
});

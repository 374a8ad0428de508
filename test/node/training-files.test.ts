import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenesPreprocessing, UsageError } from '../../src/index.js';
import { type LogRow, type TrainingState } from '../../src/train/index.js';
import { TrainingFiles } from '../../src/node/files/training-files.js';
import { tinyTraining } from '../support/train-config.js';

const config = tinyTraining;

function state(value: number): TrainingState {
  const tensor = { shape: [2, 3], values: new Float32Array(6).fill(value) };
  return new Map([
    ['head.weight', tensor],
    ['patch_head.bias', tensor],
    ['optimizer.mean.head.weight', tensor],
  ]);
}

function row(step: number): LogRow {
  const validation = step % 20 === 0 ? 1.25 : NaN;
  return {
    ...{ step, images: 4 * step, learningRate: 1e-3, loss: 2.5, accuracy: 0.5, gradientNorm: 1.125 },
    ...{ validationLoss: validation, validationAccuracy: validation, seconds: 1.5 * step },
  };
}

let folder: string;
let files: TrainingFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-training-'));
  files = new TrainingFiles(folder);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const about = {
  name: 'tiny',
  config: {
    ...{ imageSize: 24, patchSize: 8, channels: 3, width: 16, depth: 2, heads: 2, hidden: 24 },
    ...{ classes: 2, layerNormEpsilon: 1e-6 },
  },
  preprocessing: scenesPreprocessing(24),
  labels: ['cat', 'dog'],
};

describe('the files of a training', () => {
  test('come back as they were written', async () => {
    expect(files.exist()).toBe(false);
    await files.write(config, 20, state(7), [row(10), row(20)], about);
    expect(files.exist()).toBe(true);
    const saved = await files.read('last');
    expect(saved).toMatchObject({ step: 20, config, log: [row(10), row(20)] });
    expect(saved.tensors.get('optimizer.mean.head.weight')!.values).toEqual(new Float32Array(6).fill(7));
    expect((await readdir(folder)).sort()).toEqual([
      'best.safetensors',
      'checkpoint.json',
      'checkpoint.safetensors',
      'curve.svg',
      'log.csv',
      'model.safetensors',
    ]);
  });

  test('are all as before if one cannot be written', async () => {
    await files.write(config, 10, state(1), [row(10)], about);
    const contents = async (): Promise<string[]> =>
      Promise.all(
        ['checkpoint.json', 'checkpoint.safetensors', 'log.csv', 'model.safetensors'].map((name) =>
          readFile(join(folder, name), 'latin1'),
        ),
      );
    const before = await contents();
    await rm(join(folder, 'curve.svg'));
    await mkdir(join(folder, 'curve.svg'));
    const write = files.write(config, 20, state(2), [row(10), row(20)], about);
    await expect(write).rejects.toThrow(UsageError);
    await expect(write).rejects.toThrow(/Cannot write .*curve\.svg: it is a folder/);
    expect(await contents()).toEqual(before);
    expect((await files.read('last')).step).toBe(10);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

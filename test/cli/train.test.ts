import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bytesSource, openSafetensors, readTensors, type ReadTensor } from '../../src/index.js';
import { parseLog } from '../../src/train/index.js';
import { folderTraining as config, TrainingFolder } from '../support/training-folder.js';
import { refusalOf, vitrine } from './command.js';

let place: TrainingFolder;
beforeAll(async () => {
  place = await TrainingFolder.make();
});
afterAll(() => place.remove());
beforeEach(() => {
  place.another();
});

describe('vitrine train', () => {
  test('writes model, checkpoint, log and curve', async () => {
    const { status, stdout, stderr } = await place.train();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/step 5\/12 {2}loss 2\.\d{3} {2}accuracy .* left; validation: loss/);
    expect(stdout).toMatch(
      /trained for 12 steps; the model is .*model\.safetensors\non pictures that were never learned from:\naccuracy .*\ntop 5 .*\nrecall .*\nprecision .*\nF1 .*\nAUC .*\nSMM .*\n$/,
    );
    const bytes = await readFile(join(place.out, 'model.safetensors'));
    const model = await openSafetensors(bytesSource('model', bytes));
    expect(model.tensors.get('head.weight')!.shape).toEqual([16, 16]);
    expect(JSON.parse(model.metadata['config'])).toEqual(config);
    expect(JSON.parse(await readFile(join(place.out, 'checkpoint.json'), 'utf8'))).toEqual({
      step: 12,
      config,
    });
    const log = parseLog(await readFile(join(place.out, 'log.csv'), 'utf8'), 'log');
    expect(log.map(({ step }) => step)).toEqual([5, 10, 12]);
    for (const { validationLoss, images, step } of log) {
      expect(validationLoss).toBeGreaterThan(1);
      expect(images).toBe(4 * step);
    }
    expect(await readFile(join(place.out, 'curve.svg'), 'utf8')).toMatch(
      /^<svg [^]*<polyline [^]*<\/svg>\n$/,
    );
  });

  test('begins with what another training learned', async () => {
    await place.train();
    const learned = await modelIn(place.out);
    const still = { seed: 5, learningRate: 1e-12, finalLearningRate: 0 };
    await place.configure({ ...still, initial: `${basename(place.out)}/checkpoint.safetensors` });
    place.another();
    try {
      expect(await place.train()).toMatchObject({ status: 0, stderr: '' });
      // So small a learning rate moves nothing that is not 0.
      for (const [name, { values }] of await modelIn(place.out)) {
        const before = learned.get(name)!.values;
        expect(values.every((value, i) => Math.abs(value - before[i]) < 1e-9)).toBe(true);
      }
      await place.configure(still);
      expect(refusalOf(await place.train('--resume'))).toMatch(/was begun with another "initial"; resume it/);
    } finally {
      await place.configure({});
    }
  });

  async function modelIn(folder: string): Promise<Map<string, ReadTensor>> {
    const bytes = await readFile(join(folder, 'model.safetensors'));
    return readTensors(await openSafetensors(bytesSource('model', bytes)));
  }

  test('refuses to write over a training, or to go on with another one', async () => {
    await place.train();
    expect(refusalOf(await place.train())).toMatch(
      /out\d+ already holds a training; go on with it by --resume, or/,
    );
    await place.configure({ learningRate: 0.1, batch: 5, data: { ...config.data, vendors: ['google'] } });
    try {
      expect(refusalOf(await place.train('--resume'))).toMatch(
        /was begun with another "data", "batch"; resume it/,
      );
      // The drawings may have been moved, and files may be written at other steps.
      await place.configure({ data: { ...config.data, packages: './packages' }, checkpointEvery: 6 });
      const { status, stdout } = await place.train('--resume');
      expect(status).toBe(0);
      expect(stdout).toContain('trained for 12 steps');
    } finally {
      await place.configure({});
    }
  });
});

describe('what cannot be trained', () => {
  test('without a training to resume', async () => {
    expect(refusalOf(await place.train('--resume'))).toMatch(
      /There is no training to resume: .* there is no such file; leave out --resume/,
    );
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), /is cut short/],
    ['no checkpoint', () => Buffer.from('{"a": 1} and so on'), /checkpoint\.safetensors/],
    [
      'not finite',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4), Buffer.from([0, 0, 0xc0, 0x7f])]),
      /holds NaN in tensor/,
    ],
  ])('a checkpoint that is %s', async (_, damage, message) => {
    await place.train();
    const path = join(place.out, 'checkpoint.safetensors');
    await writeFile(path, damage(await readFile(path)));
    expect(refusalOf(await place.train('--resume'))).toMatch(message);
  });

  test('a model in place of a checkpoint', async () => {
    await place.train();
    const model = await readFile(join(place.out, 'model.safetensors'));
    await writeFile(join(place.out, 'checkpoint.safetensors'), model);
    expect(refusalOf(await place.train('--resume'))).toMatch(/lacks "patch_head\.weight"/);
  });

  test('from the parameters of another model', async () => {
    await place.train();
    const initial = `${basename(place.out)}/checkpoint.safetensors`;
    await place.configure({ initial, model: { ...config.model, depth: config.model.depth + 1 } });
    place.another();
    try {
      expect(refusalOf(await place.train())).toMatch(/lacks "blocks\.\d\..*", which a training/);
      expect(existsSync(place.out)).toBe(false);
    } finally {
      await place.configure({});
    }
  });

  test.each([
    [{ batchsize: 4 }, /has a setting "batchsize", which is not known/],
    [{ model: { ...config.model, heads: 3 } }, /3 heads, which do not divide the width of 16/],
    [
      { data: { ...config.data, packages: 'nowhere' } },
      /The drawings of "google" are not installed under .*nowhere/,
    ],
    [{ data: { ...config.data, vendors: ['twitter'] } }, /The drawings of "twitter" are not installed/],
    [
      { data: { ...config.data, vendors: ['mdi'] } },
      /No drawing by "mdi" under .*packages shows the class "dog"; name other vendors, or/,
    ],
    [{ initial: 'none.safetensors' }, /annot .*read .*none\.safetensors/],
    [{ initial: 'config.json' }, /config\.json/],
  ])('%j', async (changes, message) => {
    await place.configure(changes);
    try {
      expect(refusalOf(await place.train())).toMatch(message);
      expect(existsSync(place.out)).toBe(false);
    } finally {
      await place.configure({});
    }
  });

  test('no configuration', async () => {
    const missing = await vitrine(['train', '--config', 'none.json'], { cwd: place.path });
    expect(refusalOf(missing)).toMatch(/Cannot read the configuration ".*none\.json": there is no such file/);
    const unnamed = await vitrine(['train'], { cwd: place.path });
    expect(refusalOf(unnamed)).toMatch(/Say what to train on, by --data with a folder/);
  });
});

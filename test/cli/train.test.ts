import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { bytesSource, openSafetensors, readTensors, type ReadTensor } from '../../src/index.js';
import {
  parseLog,
  sceneClasses,
  spriteCollection,
  spriteFiles,
  type TrainConfig,
} from '../../src/train/index.js';
import { blob } from '../support/sprites.js';
import { tinyTraining } from '../support/train-config.js';
import {
  environmentOfPerson,
  packageFolder,
  packageJson,
  refusalOf,
  vitrine,
  type Outcome,
} from './command.js';

const config: TrainConfig = {
  ...tinyTraining,
  data: {
    ...tinyTraining.data,
    packages: 'packages',
    vendors: ['google', 'fluent', 'openmoji', 'noto-v1'],
  },
};

let folder: string;
let count = 0;
/** Of one test's training. */
let out: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-train-'));
  await writeConfig({});
  for (const [index, { codePoints }] of sceneClasses.entries()) {
    const picture = sharp(Buffer.from(blob(index, 0)), { raw: { width: 24, height: 24, channels: 4 } });
    const colour = `rgb(${16 * index},${255 - 16 * index},90)`;
    const files = {
      // A name with the selector for coloured drawings, as some vendors have it.
      google: [1, await picture.clone().png().toBuffer()],
      fluent: [0, await picture.clone().webp({ lossless: true }).toBuffer()],
      openmoji: [
        0,
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><path d="M10 60L36 ${index}L60 60Z" fill="${colour}"/></svg>`,
      ],
    } as const;
    for (const [vendor, [name, data]] of Object.entries(files)) {
      const path = join(folder, 'packages', spriteFiles(vendor as keyof typeof files, codePoints[0])[name]);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, data);
    }
  }
  const icons = Object.fromEntries(
    sceneClasses.map(({ iconNames }, index) => [
      iconNames[0],
      { body: `<circle cx="16" cy="16" r="${10 + index / 4}" fill="rgb(90,${16 * index},200)"/>` },
    ]),
  );
  const collection = join(folder, 'packages', spriteCollection('noto-v1')!);
  await mkdir(dirname(collection), { recursive: true });
  await writeFile(collection, JSON.stringify({ width: 32, height: 32, icons }));
  // A vendor that has not drawn everything.
  const { cat } = icons;
  const some = join(folder, 'packages', spriteCollection('mdi')!);
  await mkdir(dirname(some), { recursive: true });
  await writeFile(some, JSON.stringify({ width: 32, height: 32, icons: { cat } }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  out = join(folder, `out${count++}`);
});

function writeConfig(changes: object): Promise<void> {
  return writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...changes }));
}

function train(...args: readonly string[]): Promise<Outcome> {
  const always = ['train', '--config', 'config.json', '--device', 'native', '--threads', '1', '--out', out];
  return vitrine([...always, ...args], { cwd: folder });
}

async function losses(): Promise<number[]> {
  return parseLog(await readFile(join(out, 'log.csv'), 'utf8'), 'log').map(({ loss }) => loss);
}

describe('vitrine train', () => {
  test('writes model, checkpoint, log and curve', async () => {
    const { status, stdout, stderr } = await train();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/step 5\/12 {2}loss 2\.\d{3} {2}accuracy .* left; validation: loss/);
    expect(stdout).toMatch(/trained for 12 steps; the model is .*model\.safetensors\n$/);
    const model = await openSafetensors(bytesSource('model', await readFile(join(out, 'model.safetensors'))));
    expect(model.tensors.get('head.weight')!.shape).toEqual([16, 16]);
    expect(JSON.parse(model.metadata['config'])).toEqual(config);
    expect(JSON.parse(await readFile(join(out, 'checkpoint.json'), 'utf8'))).toEqual({ step: 12, config });
    const log = parseLog(await readFile(join(out, 'log.csv'), 'utf8'), 'log');
    expect(log.map(({ step }) => step)).toEqual([5, 10, 12]);
    for (const { validationLoss, images, step } of log) {
      expect(validationLoss).toBeGreaterThan(1);
      expect(images).toBe(4 * step);
    }
    expect(await readFile(join(out, 'curve.svg'), 'utf8')).toMatch(/^<svg [^]*<polyline [^]*<\/svg>\n$/);
  });

  test('is stopped by Ctrl-C with a checkpoint, and goes on to the same losses', async () => {
    await writeConfig({ steps: 200 });
    try {
      await train();
      const [whole, uninterrupted] = [await losses(), await readFile(join(out, 'model.safetensors'))];
      out = join(folder, `out${count++}`);
      await interrupted();
      const { step } = JSON.parse(await readFile(join(out, 'checkpoint.json'), 'utf8')) as { step: number };
      expect(step).toBeGreaterThanOrEqual(5);
      expect(step).toBeLessThan(200);
      const { status, stdout } = await train('--resume');
      expect({ status, stdout: stdout.slice(0, 6) }).toEqual({ status: 0, stdout: 'device' });
      expect((await losses()).at(-1)).toBe(whole.at(-1));
      expect((await readFile(join(out, 'model.safetensors'))).equals(uninterrupted)).toBe(true);
    } finally {
      await writeConfig({});
    }
  });

  /** Trains until the first checkpoint, then presses Ctrl-C. */
  async function interrupted(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        join(packageFolder, packageJson.bin.vitrine),
        'train',
        '--config',
        'config.json',
        '--device',
        'native',
        '--out',
        out,
      ],
      { cwd: folder, env: environmentOfPerson() },
    );
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const status = await new Promise<number | null>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        if (data.toString().includes('step 5/')) child.kill('SIGINT');
      });
      child.on('close', resolve);
    });
    expect(status).toBe(130);
    expect(stderr).toContain('stopping after this step');
  }

  test('begins with what another training learned', async () => {
    await train();
    const learned = await modelIn(out);
    const still = { seed: 5, learningRate: 1e-12, finalLearningRate: 0 };
    await writeConfig({ ...still, initial: `${basename(out)}/checkpoint.safetensors` });
    out = join(folder, `out${count++}`);
    try {
      expect(await train()).toMatchObject({ status: 0, stderr: '' });
      // So small a learning rate moves nothing that is not 0.
      for (const [name, { values }] of await modelIn(out)) {
        const before = learned.get(name)!.values;
        expect(values.every((value, i) => Math.abs(value - before[i]) < 1e-9)).toBe(true);
      }
      await writeConfig(still);
      expect(refusalOf(await train('--resume'))).toMatch(/was begun with another "initial"; resume it/);
    } finally {
      await writeConfig({});
    }
  });

  async function modelIn(place: string): Promise<Map<string, ReadTensor>> {
    const bytes = await readFile(join(place, 'model.safetensors'));
    return readTensors(await openSafetensors(bytesSource('model', bytes)));
  }

  test('refuses to write over a training, or to go on with another one', async () => {
    await train();
    expect(refusalOf(await train())).toMatch(
      /out\d+ already holds a training; go on with it by --resume, or/,
    );
    await writeConfig({ learningRate: 0.1, batch: 5, data: { ...config.data, vendors: ['google'] } });
    try {
      expect(refusalOf(await train('--resume'))).toMatch(
        /was begun with another "data", "batch", "learningRate"; resume it/,
      );
      // The drawings may have been moved, and files may be written at other steps.
      await writeConfig({ data: { ...config.data, packages: './packages' }, checkpointEvery: 6 });
      const { status, stdout } = await train('--resume');
      expect(status).toBe(0);
      expect(stdout).toContain('trained for 12 steps');
    } finally {
      await writeConfig({});
    }
  });
});

describe('what cannot be trained', () => {
  test('without a training to resume', async () => {
    expect(refusalOf(await train('--resume'))).toMatch(
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
    await train();
    const path = join(out, 'checkpoint.safetensors');
    await writeFile(path, damage(await readFile(path)));
    expect(refusalOf(await train('--resume'))).toMatch(message);
  });

  test('a model in place of a checkpoint', async () => {
    await train();
    const model = await readFile(join(out, 'model.safetensors'));
    await writeFile(join(out, 'checkpoint.safetensors'), model);
    expect(refusalOf(await train('--resume'))).toMatch(/lacks "patch_head\.weight"/);
  });

  test('from the parameters of another model', async () => {
    await train();
    const initial = `${basename(out)}/checkpoint.safetensors`;
    await writeConfig({ initial, model: { ...config.model, depth: config.model.depth + 1 } });
    out = join(folder, `out${count++}`);
    try {
      expect(refusalOf(await train())).toMatch(/lacks "blocks\.\d\..*", which a training/);
      expect(existsSync(out)).toBe(false);
    } finally {
      await writeConfig({});
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
    await writeConfig(changes);
    try {
      expect(refusalOf(await train())).toMatch(message);
      expect(existsSync(out)).toBe(false);
    } finally {
      await writeConfig({});
    }
  });

  test('no configuration', async () => {
    const missing = await vitrine(['train', '--config', 'none.json'], { cwd: folder });
    expect(refusalOf(missing)).toMatch(/Cannot read the configuration ".*none\.json": there is no such file/);
    const unnamed = await vitrine(['train'], { cwd: folder });
    expect(refusalOf(unnamed)).toMatch(/required option '--config <file>' not specified/);
  });
});

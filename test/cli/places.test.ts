import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationDocument } from '../../src/index.js';
import { makePng } from '../image/png-bytes.js';
import { commit, MockHub, repo } from '../node/mock-hub.js';
import { zooFixtures } from '../support/zoo.js';
import { makeModelFolder, smallConfigs, smallWeights } from '../support/model-folder.js';
import { refusalOf, vitrine, type Outcome } from './command.js';

/*
 * Models that are known by where they are, as a person gives them; and the options that go with them.
 */

let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-places-'));
  env = { HF_HOME: folder, HF_HUB_OFFLINE: '1' };
  await writeFile(join(folder, 'a.png'), picture(5));
  await writeFile(join(folder, 'b.png'), picture(9));
  await makeModelFolder(join(folder, 'mine'), 'vit_square');
  await makeModelFolder(join(folder, 'dino'), 'dino_nohead');
  await copyFile(smallWeights('vit_square'), join(folder, 'bare.safetensors'));
  await writeFile(join(folder, 'names.txt'), `${names.join('\n')}\n`);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const names = Array.from({ length: 10 }, (_, index) => `bird ${'abcdefghij'[index]}`);

function picture(step: number): Buffer {
  const rows = Array.from({ length: 24 }, (_, y) => [
    0,
    ...Array.from({ length: 24 }, (_, x) => [4 * x, step * y, (x * y * step) % 256]).flat(),
  ]);
  return makePng({ depth: 8, color: 2, width: 24, rows });
}

const call = (...args: string[]): Promise<Outcome> =>
  vitrine(['explain', 'a.png', '--device', 'reference', ...args], { cwd: folder, env });

async function documentOf(...args: string[]): Promise<ExplanationDocument> {
  const { status, stdout, stderr } = await call('--json', '--force', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as ExplanationDocument;
}

async function refusal(...args: string[]): Promise<string> {
  return refusalOf(await call(...args));
}

describe('a folder, a file and a repository', () => {
  test('of one model give the same numbers', async () => {
    const [ofFolder, ofFile] = [
      await documentOf('--model', 'mine'),
      await documentOf('--model', 'mine/model.safetensors'),
    ];
    expect(ofFolder.model).toMatchObject({ name: 'mine' });
    expect(ofFile.predictions).toEqual(ofFolder.predictions);
    expect(ofFile.explanations[0].values).toEqual(ofFolder.explanations[0].values);
    expect(ofFolder.explanations[0].values).toHaveLength(9);
  });

  test('come from the hub by name and revision, and their results are called after them', async () => {
    const hub = new MockHub(await readFile(smallWeights('vit_square')));
    hub.revisions.set('v1', commit);
    hub.files.set('config.json', Buffer.from(JSON.stringify(smallConfigs.vit_square)));
    try {
      const online = { HF_HOME: join(folder, 'hf'), HF_ENDPOINT: await hub.start() };
      const args = [
        'explain',
        'a.png',
        '--device',
        'reference',
        '--model',
        `hf:${repo}@v1`,
        '--out',
        'of-hub',
      ];
      const first = await vitrine(args, { cwd: folder, env: online });
      expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
      expect(first.stdout).toContain(`hf:${repo}@v1`);
      expect((await readdir(join(folder, 'of-hub'))).sort()).toEqual([
        'a.timm-tiny.test@v1.panel.json',
        'a.timm-tiny.test@v1.panel.png',
      ]);
      await hub.stop();
      const again = await vitrine([...args, '--force', '--json'], { cwd: folder, env: online });
      const { explanations } = JSON.parse(again.stdout) as ExplanationDocument;
      expect(explanations[0].values).toEqual((await documentOf('--model', 'mine')).explanations[0].values);
    } finally {
      await hub.stop().catch(() => undefined);
    }
  });

  test('alone, a checkpoint is recognised, and what was concluded is said', async () => {
    await copyFile(join(zooFixtures, 'vit_qk_scale_norms.safetensors'), join(folder, 'thesis.safetensors'));
    const { status, stdout, stderr } = await call('--model', './thesis.safetensors');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('pictures of 24 x 24 pixels, as the positions are 3 x 3');
    expect(stdout).toContain('0.000001 as the epsilon of norms');
    const { model } = await documentOf('--model', './thesis.safetensors');
    expect(model.concluded).toContain('pictures of 24 x 24 pixels, as the positions are 3 x 3');
  });

  test('of which no shape tells the heads wants more', async () => {
    // Four heads of a width of eight.
    expect(await refusal('--model', 'bare.safetensors')).toMatch(
      /its heads cannot be told from a width of 32; put a config\.json beside it .*, or name its architecture/,
    );
  });

  test('what is not there, or is no model, is one sentence', async () => {
    expect(await refusal('--model', './nowhere')).toMatch(/^There is no model at .*nowhere; give a folder/);
    expect(await refusal('--model', 'hf:nobody')).toContain('give hf:OWNER/NAME');
    expect(await refusal('--model', 'hf:timm/deit')).toContain('HF_HUB_OFFLINE forbids a download');
    await makeModelFolder(join(folder, 'swin'), 'vit_square', {
      architecture: 'swin_tiny_patch4_window7_224',
    });
    expect(await refusal('--model', './swin')).toContain('swin_tiny_patch4_window7_224');
  });
});

describe('vitrine models', () => {
  test.each([
    ['./mine', 'unknown'],
    ['thesis.safetensors', 'unknown'],
  ])('tells all about %s', async (place, licence) => {
    const { status, stdout, stderr } = await vitrine(['models', place], { cwd: folder, env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^licence +${licence}$`, 'm'));
    expect(stdout).toMatch(/^pictures .*\b24x24/m);
    expect(stdout).toMatch(/^weights .*safetensors$/m);
    const json = await vitrine(['models', '--json', place], { cwd: folder, env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      licence,
      commercial: null,
      repository: null,
      labelled: false,
    });
  });
});

describe('--labels', () => {
  test('name the classes of any model, and its classes can be asked for by them', async () => {
    const document = await documentOf(
      '--model',
      'mine',
      '--labels',
      'names.txt',
      '--method',
      'gradient-rollout',
      '--class',
      'bird c',
    );
    expect(document.explanations[0]).toMatchObject({ class: 2, label: 'bird c' });
    expect(document.predictions.map(({ label }) => label)).toEqual(
      document.predictions.map(({ index }) => names[index]),
    );
  });

  test('that do not fit are refused', async () => {
    await writeFile(join(folder, 'few.txt'), 'one\ntwo\n');
    expect(await refusal('--model', 'mine', '--labels', 'few.txt')).toMatch(
      /few\.txt" names 2 classes, and the model has 10/,
    );
    expect(await refusal('--model', 'dino', '--labels', 'names.txt')).toContain(
      'names.txt" names classes, and dino has none',
    );
    expect(await refusal('--model', 'mine', '--labels', 'none.txt')).toContain('there is no such file');
    expect(await refusal('--model', 'mine', '--labels', '')).toContain('--labels is empty');
  });
});

describe('--weights', () => {
  test('stand for those of a folder, and decide how many classes there are', async () => {
    const whole = await documentOf(
      '--model',
      'dino',
      '--weights',
      'bare.safetensors',
      '--class',
      '4',
      '--method',
      'gradient-rollout',
    );
    expect(whole.explanations[0]).toMatchObject({ class: 4, label: 'class 4' });
  });

  test('and a model that is a checkpoint itself contradict each other', async () => {
    expect(await refusal('--model', './bare.safetensors', '--weights', 'mine/model.safetensors')).toMatch(
      /^--model .*bare\.safetensors is a checkpoint, and --weights .* is another; give one of them/,
    );
  });

  test('alone say which model they are of', async () => {
    const { explanations } = await documentOf('--weights', 'mine/model.safetensors');
    expect(explanations[0].values).toHaveLength(9);
  });
});

test('a checkpoint that comes through a pipe is read once', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const writing = writeFile(join(folder, 'pipe'), await readFile(smallWeights('vit_square')));
  const { explanations } = await documentOf('--model', 'mine', '--weights', 'pipe');
  await writing;
  expect(explanations[0].values).toEqual((await documentOf('--model', 'mine')).explanations[0].values);
});

describe('--image-size', () => {
  test('makes the grid another, and positions follow', async () => {
    const { explanations } = await documentOf('--model', 'mine', '--image-size', '24x40');
    expect(explanations[0]).toMatchObject({ grid: [3, 5] });
    expect(explanations[0].values).toHaveLength(15);
  });

  test('is refused where patches do not fit, or it is no size', async () => {
    expect(await refusal('--model', 'mine', '--image-size', '25')).toMatch(/25/);
    expect(await refusal('--model', 'mine', '--image-size', 'large')).toContain('--image-size is "large"');
  });
});

describe('--target', () => {
  test('asks a model without classes about its features, by several at once', async () => {
    const { explanations } = await documentOf(
      ...['--model', 'dino', '--method', 'gradient-rollout', '--target', 'norm,feature:3,similarity:b.png'],
    );
    expect(explanations.map(({ target }) => target)).toEqual([
      'norm',
      'feature:3',
      expect.stringContaining('b.png'),
    ]);
    const [norm, feature, similarity] = explanations.map(({ values }) => values);
    expect(norm).not.toEqual(feature);
    expect(similarity).not.toEqual(norm);
  });

  test('of a picture with itself has no gradient, which is said', async () => {
    const { explanations } = await documentOf(
      ...['--model', 'dino', '--method', 'gradient-rollout', '--target', 'similarity:a.png'],
    );
    expect(explanations[0].note).toMatch(/^the two pictures are the same to the model/);
    const others = await documentOf(
      ...['--model', 'dino', '--method', 'gradient-rollout', '--target', 'similarity:b.png'],
    );
    expect(others.explanations[0].note).toBeUndefined();
  });

  test.each([
    [
      ['--model', 'mine', '--target', 'norm'],
      /--target does not know "norm"; of a class choose one of: logit, logprob/,
    ],
    [
      ['--model', 'dino', '--class', '3', '--method', 'gradient-rollout'],
      /has no classes, but features; give --target/,
    ],
    [['--model', 'dino', '--method', 'gradient-rollout'], /explains a target, and this model has no classes/],
    [['--model', 'dino', '--method', 'gradient-rollout', '--target', 'feature:32'], /32/],
    [['--model', 'dino', '--method', 'gradient-rollout', '--target', 'love'], /love/],
    [['--model', 'dino', '--method', 'gradient-rollout', '--target', 'similarity:none.png'], /none\.png/],
  ])('%j is refused', async (args, words) => {
    expect(await refusal(...args)).toMatch(words);
  });
});

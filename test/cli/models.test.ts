import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelDocument } from '../../src/cli/model-document.js';
import { demoModel, fullName, modelNames, findModel } from '../../src/index.js';
import { refusalOf, vitrine } from './command.js';

let folder: string;
let cached: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-models-'));
  const snapshot = join(
    folder,
    'hub',
    'models--timm--vit_small_patch16_224.dino',
    'snapshots',
    'a'.repeat(40),
  );
  cached = join(snapshot, 'model.safetensors');
  await mkdir(snapshot, { recursive: true });
  await writeFile(cached, 'only its place counts');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const call = (...args: string[]) =>
  vitrine(['models', ...args], { cwd: folder, env: { HF_HOME: folder, HF_HUB_CACHE: '' } });

async function linesOf(...args: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await call(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

async function documentsOf(...args: string[]): Promise<ModelDocument[]> {
  return (await linesOf('--json', ...args)).map((line) => JSON.parse(line) as ModelDocument);
}

/** The line of a list that tells of this model, its columns. */
function rowOf(lines: readonly string[], name: string): string[] {
  return lines.map((line) => line.split(/ {2,}/)).find(([first]) => first === name) ?? [];
}

describe('the list', () => {
  test('has the default checkpoint of each architecture, and how many others there are', async () => {
    const lines = await linesOf();
    expect(rowOf(lines, 'deit_tiny_patch16_224')).toEqual([
      'deit_tiny_patch16_224',
      '5.7 M',
      '224x224',
      '1000 classes',
      'apache-2.0',
    ]);
    expect(rowOf(lines, 'vit_base_patch16_224').slice(1)).toEqual([
      '86.6 M',
      '224x224',
      '1000 classes',
      'apache-2.0',
      'and 8 more',
    ]);
    expect(rowOf(lines, demoModel.name).slice(3)).toEqual(['16 classes', 'apache-2.0', 'here']);
    const bare = modelNames().filter((name) => !name.includes('.'));
    const listed = lines.map((line) => line.split(' ')[0]).filter((name) => bare.includes(name));
    expect(listed).toEqual(bare);
    expect(lines.at(-1)).toContain(`${bare.length} of ${modelNames().length} models`);
  });

  test('of a part of names has all their checkpoints, what may not be sold and what is here', async () => {
    const lines = await linesOf('Patch16_224.');
    const fitting = modelNames().filter((name) => fullName(findModel(name)).includes('patch16_224.'));
    expect(lines.map((line) => line.split(' ')[0]).filter((name) => fitting.includes(name))).toEqual(fitting);
    expect(rowOf(lines, 'vit_base_patch16_224.mae')).toContain('cc-by-nc-4.0 (non-commercial)');
    expect(rowOf(lines, 'vit_small_patch16_224.dino').slice(3)).toEqual([
      'features: 384',
      'apache-2.0',
      'here',
    ]);
    expect(rowOf(lines, 'vit_small_patch16_224')).not.toContain('here');
  });

  test('for programs has all, one a line', async () => {
    const documents = await documentsOf();
    expect(documents.map(({ model }) => model)).toEqual(modelNames());
    const here = documents.filter(({ file }) => file !== null).map(({ model }) => model);
    expect(here).toEqual(expect.arrayContaining([demoModel.name, 'vit_small_patch16_224.dino']));
    expect(documents.filter(({ commercial }) => !commercial).map(({ licence }) => licence)).toContain(
      'apple-amlr',
    );
  });
});

describe('one model', () => {
  test.each(['vit_small_patch16_224.dino'])('%s is told in full', async (name) => {
    const lines = (await linesOf(name)).join('\n');
    expect(lines).toMatch(/^parameters +21\.7 M \(21665664\)$/m);
    expect(lines).toMatch(/^built of +196 patches of 16x16 pixels behind a class token$/m);
    expect(lines).toMatch(
      /^ +12 blocks of width 384 with 6 heads and 1536 hidden numbers, GELU, LayerNorm with 1e-6$/m,
    );
    expect(lines).toMatch(/^gives +features: 384$/m);
    expect(lines).toMatch(
      /^pictures +the short side becomes 248 pixels \(bicubic\), of which the middle 224x224 are seen$/m,
    );
    expect(lines).toMatch(/^licence +apache-2\.0$/m);
    expect(lines).toMatch(/^from +https:\/\/huggingface\.co\/timm\/vit_small_patch16_224\.dino$/m);
    expect(lines).toMatch(new RegExp(`^weights +${cached}$`, 'm'));
    expect(lines).toMatch(/^see also +vit_small_patch16_224$/m);
  });

  test('is the same under its bare name and its full one', async () => {
    const bare = await linesOf('vit_base_patch16_224');
    expect(await linesOf('vit_base_patch16_224.augreg2_in21k_ft_in1k')).toEqual(bare);
    expect(bare.join('\n')).toContain('augreg2_in21k_ft_in1k');
  });

  test('whose weights were trained with another activation says under which name they have it', async () => {
    const note = 'trained with QuickGELU, which it has as vit_base_patch16_clip_quickgelu_224.openai';
    expect((await linesOf('vit_base_patch16_clip_224.openai')).join('\n')).toContain(note);
    expect((await linesOf('vit_base_patch16_clip_quickgelu_224.openai')).join('\n')).not.toContain('note');
  });

  test('for programs is one document, with all of its configuration', async () => {
    expect(await documentsOf('vit_giant_patch14_reg4_dinov2')).toEqual([
      {
        model: 'vit_giant_patch14_reg4_dinov2',
        checkpoint: 'vit_giant_patch14_reg4_dinov2.lvd142m',
        parameters: 1136483840,
        output: 'features',
        outputs: 1536,
        labelled: false,
        licence: 'apache-2.0',
        commercial: true,
        repository: 'timm/vit_giant_patch14_reg4_dinov2.lvd142m',
        file: null,
        config: expect.objectContaining({
          mlp: 'swiglu',
          hidden: 4096,
          registers: 4,
          prefixPositions: false,
        }),
        preprocessing: expect.objectContaining({ fit: 'crop', shortSide: 518, size: 518 }),
      },
    ]);
  });
});

test.each([
  ['swin_tiny_patch4_window7_224', /attends within windows, which is not supported/],
  ['vit_bass_patch16_224', /did you mean vit_base_patch16_224, /],
  ['', /There is no model ""/],
])('"%s" is refused in one sentence', async (name, message) => {
  const outcome = await call(name);
  expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({ status: 2, stdout: '' });
  expect(outcome.stderr).toMatch(message);
  if (!outcome.stderr.includes('?')) refusalOf(outcome);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoModel, VisionTransformer, writeSafetensors } from '../../src/index.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { encodeSafetensors, untrainedDeitTiny } from '../support/checkpoints.js';
import { install } from '../support/installation.js';
import { generator, randomValues } from '../support/random.js';
import { packageFolder, refusalOf, run, type Outcome } from './command.js';

/** An installation whose weights are this test's own. */
let installed: string;
const env: NodeJS.ProcessEnv = { HF_HUB_OFFLINE: '1' };
const picture = join(packageFolder, 'examples', 'chelsea.png');

beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), 'vitrine-demo-'));
  env['HF_HOME'] = join(installed, 'no-cache');
  await install(installed);
  const random = generator();
  const model = new VisionTransformer(demoModel.config);
  const tensors = [...model.namedParameters()].map(([name, { shape, size }]) => {
    return [name, { shape, values: randomValues(size, random, -0.2, 0.2) }] as const;
  });
  await writeFile(
    join(installed, 'weights', `${demoModel.name}.safetensors`),
    writeSafetensors(new Map(tensors)),
  );
});
afterAll(async () => {
  await rm(installed, { recursive: true });
});

function explain(...args: readonly string[]): Promise<Outcome> {
  const main = join(installed, 'dist', 'bin', 'main.cjs');
  const always = ['explain', picture, '--device', 'native', '--out', join(installed, 'out')];
  return run(process.execPath, [main, ...always, ...args], { cwd: installed, env });
}

const deitFile = (): string => join(installed, 'weights', 'deit_tiny_patch16_224.safetensors');

describe('without weights of the default model', () => {
  test('the shipped one explains, and says that it is not the default, why, and how to get that', async () => {
    const { status, stdout, stderr } = await explain('--method', 'gradient-rollout', '--class', 'horse');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^model {3}vit_scenes_patch8_72: the demo model that ships with vitrine, which knows 16 classes of drawn objects, because there are no weights for deit_tiny_patch16_224 here and HF_HUB_OFFLINE forbids a download\n/,
    );
    expect(stdout).toMatch(
      /\n +for DeiT-tiny, give a file with --weights FILE, or put it at .*, or run once with network/,
    );
    const document = JSON.parse(
      await readFile(join(installed, 'out', `chelsea.${demoModel.name}.gradient-rollout.2.json`), 'utf8'),
    ) as {
      model: { name: string; note?: string };
      explanations: { label: string; grid: number[]; file: string }[];
    };
    expect(document.model.name).toBe('vit_scenes_patch8_72');
    expect(document.model.note).toMatch(/^This is the demo model .*\. For DeiT-tiny, give a file .*\.$/);
    const [{ label, grid, file }] = document.explanations;
    expect({ label, grid }).toEqual({ label: 'horse', grid: [9, 9] });
    // The caption is below the picture.
    const [before, after] = [await readPicture(picture), await readPicture(file)];
    expect(after.width).toBe(before.width);
    expect(after.height).toBeGreaterThan(before.height + 20);
    const strip = after.data.subarray(3 * after.width * before.height);
    // Words on paper.
    const levels = [...new Set(strip)];
    expect(Math.max(...levels)).toBe(245);
    expect(Math.min(...levels)).toBeLessThan(60);
  });

  test.each([
    [
      'another class',
      ['--class', 'tabby'],
      /No class is called "tabby": .*; this is the demo model that ships/,
    ],
    [
      'a class it has not',
      ['--class', '281'],
      /There is no class 281: .* 0 to 15, .*; this is the demo model/,
    ],
    ['a layer it has not', ['--layers', '0-11'], /between 0 and 5, .*; this is the demo model/],
    ['nonsense', ['--class', 'qwertz'], /No class is called "qwertz": give an index or another name\.$/],
    ['no fusion of heads', ['--head-fusion', 'sum'], /is "sum"; choose one of: mean, max, min\.$/],
  ])('asks for %s are refused', async (_, args, message) => {
    expect(refusalOf(await explain(...args))).toMatch(message);
  });

  test('a model that is named is never replaced', async () => {
    const refusal = refusalOf(await explain('--model', 'deit_tiny_patch16_224'));
    expect(refusal).toMatch(
      /^There are no weights for deit_tiny_patch16_224 here and HF_HUB_OFFLINE forbids/,
    );
    expect(refusalOf(await explain('--weights', 'none.safetensors'))).toMatch(/Cannot read the weights file/);
  });

  test('the shipped model by its name is no substitute: nothing is said below the picture', async () => {
    const { status, stdout } = await explain('--model', demoModel.name, '--method', 'vit-explain-rollout');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^model {3}vit_scenes_patch8_72\ndevice /);
    const document = JSON.parse(
      await readFile(join(installed, 'out', `chelsea.${demoModel.name}.vit-explain-rollout.json`), 'utf8'),
    ) as {
      model: object;
      explanations: { file: string }[];
    };
    expect(document.model).not.toHaveProperty('note');
    const { height } = await readPicture(document.explanations[0].file);
    expect(height).toBe((await readPicture(picture)).height);
  });
});

test('weights of the default model that are there are taken, and if they are damaged that is said', async () => {
  await writeFile(deitFile(), encodeSafetensors(untrainedDeitTiny()));
  const { status, stdout } = await explain();
  expect(status).toBe(0);
  expect(stdout).toMatch(/^model {3}deit_tiny_patch16_224\n/);
  await writeFile(deitFile(), 'damaged');
  expect(refusalOf(await explain())).toMatch(/deit_tiny_patch16_224\.safetensors/);
  await rm(deitFile());
});

test('without the shipped file, that is said', async () => {
  await rm(join(installed, 'weights', `${demoModel.name}.safetensors`));
  expect(refusalOf(await explain())).toMatch(
    /vit_scenes_patch8_72\.safetensors, which ships with vitrine, is not there: install/,
  );
});

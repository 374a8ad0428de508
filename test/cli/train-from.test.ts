import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { loadModel } from '../../src/node/index.js';
import { initialize } from '../../src/train/index.js';
import { makeClassFolders } from '../support/class-folders.js';
import { haveSameBits } from '../support/compare.js';
import { refusalOf, vitrine, type Outcome } from './command.js';

let folder: string;
/** What is begun with: of other classes, and unlike what trainings begin with in all else. */
const model = new v.VisionTransformer({
  ...{ imageSize: 24, patchSize: 8, channels: 3, width: 18, depth: 2, heads: 3, hidden: 20, classes: 5 },
  ...{ layerNormEpsilon: 1e-5, registers: 1, mlp: 'quick-gelu' },
});
const preprocessing: v.Preprocessing = {
  ...{ fit: 'crop', shortSide: 27, size: 24, interpolation: 'bilinear' },
  ...{ mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] },
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-from-'));
  await makeClassFolders(join(folder, 'pictures'), 8);
  initialize(model, { scheme: 'xavier', seed: 4 });
  await writeFile(join(folder, 'base.safetensors'), v.writeModel(model, { name: 'base', preprocessing }));
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: readonly string[]): Promise<Outcome> {
  return vitrine([...args, '--device', 'native', '--threads', '1'], { cwd: folder });
}
const train = (...args: readonly string[]) => run('train', '--data', 'pictures', ...args);

async function valuesIn(path: string): Promise<Map<string, v.Values>> {
  const loaded = await loadModel({ name: join(folder, path) });
  return new Map([...loaded.model.namedParameters()].map(([name, { storage }]) => [name, storage.values!]));
}

/** The names of what differs. */
async function changed(path: string, from: ReadonlyMap<string, v.Values>): Promise<string[]> {
  return [...(await valuesIn(path))].flatMap(([name, values]) =>
    haveSameBits(values, from.get(name)!) ? [] : [name],
  );
}

describe('vitrine train --from', () => {
  test('teaches the head alone, then all, and leaves a folder that can be explained', async () => {
    const head = ['--from', 'base.safetensors', '--classes', '3', '--freeze', 'backbone', '--epochs', '30'];
    const first = await train(...head, '--out', 'head');
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/begins {2}with .*base\.safetensors; anew: head\n/);
    expect(first.stdout).toMatch(/accuracy {3}100\.00 % of 6 pictures/);
    const loaded = await loadModel({ name: join(folder, 'head') });
    expect(loaded).toMatchObject({ labels: ['cat', 'dog', 'owl'], preprocessing, concluded: [] });
    expect(loaded.model.config).toEqual({ ...model.config, classes: 3 });
    const base = await valuesIn('base.safetensors');
    expect(await changed('head', base)).toEqual(['head.weight', 'head.bias']);

    // The same classes: the head is kept.
    const all = await train('--from', 'head', '--epochs', '2', '--out', 'all');
    expect(all.stdout).toMatch(/begins {2}with .*model\.safetensors\n/);
    expect(all.stdout).toMatch(/step 1\/2 .*accuracy 100\.0 %/);
    expect((await changed('all', await valuesIn('head'))).length).toBeGreaterThan(20);

    const why = await run(
      'explain',
      '--model',
      'all',
      '--image',
      'pictures/owl/2.png',
      '--method',
      'ixg',
      '--json',
    );
    expect(JSON.parse(why.stdout)).toMatchObject({ model: { name: 'all' } });
    expect(why.stdout).toContain('"owl"');
  });

  test('has positions of another size resampled', async () => {
    const { status } = await train(
      '--from',
      'base.safetensors',
      '--image-size',
      '32',
      '--epochs',
      '2',
      '--out',
      'large',
    );
    expect(status).toBe(0);
    const { model: large, preprocessing: own } = await loadModel({ name: join(folder, 'large') });
    expect(large.inputShape).toEqual([3, 32, 32]);
    expect(large.pos_embed.shape).toEqual([1, 2 + 16, 18]);
    expect(own).toMatchObject({ size: 32, shortSide: 36 });
  });

  test('goes on with a model that sees oblong pictures in oblong patches, and brightness alone', async () => {
    const seen = { ...model.config, imageSize: [24, 36], patchSize: [8, 6], channels: 1 } as const;
    const grey = new v.VisionTransformer(seen);
    initialize(grey, { scheme: 'xavier', seed: 5 });
    const own = { fit: 'cover', cover: [24, 36], size: [24, 36], mean: [0.4], std: [0.3] } as const;
    const written = v.writeModel(grey, { name: 'grey', preprocessing: own });
    await writeFile(join(folder, 'grey.safetensors'), written);
    const settings = {
      ...{ preset: 'fine-tuning', name: 'further', from: 'grey.safetensors', epochs: 20, cutmix: 1 },
      augment: { crop: { scale: [0.5, 1], ratio: [1, 2] }, shift: 2, flip: 0.5 },
    };
    await writeFile(join(folder, 'grey.json'), JSON.stringify(settings));
    const { status, stdout } = await train('--config', 'grey.json', '--out', 'grey-tuned');
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/top 5|accuracy/) });
    const tuned = await loadModel({ name: join(folder, 'grey-tuned') });
    expect(tuned).toMatchObject({ preprocessing: own, labels: ['cat', 'dog', 'owl'] });
    expect(tuned.model.config).toEqual({ ...grey.config, classes: 3 });
    const picture = ['--model', 'grey-tuned', '--image', 'pictures/owl/2.png', '--method', 'ixg', '--json'];
    const map = (
      JSON.parse((await run('explain', ...picture)).stdout) as { explanations: { grid: unknown }[] }
    ).explanations[0].grid;
    expect(map).toEqual([3, 6]);

    const sized = ['--from', 'grey.safetensors', '--image-size', '32x24', '--epochs', '1', '--out', 'sized'];
    expect(await train(...sized)).toMatchObject({ status: 0 });
    expect((await loadModel({ name: join(folder, 'sized') })).model.inputShape).toEqual([1, 32, 24]);
  });

  test.each([
    [['--from', 'nothing'], /There is no model "nothing"/],
    [
      ['--from', 'base.safetensors', '--classes', '4'],
      /--classes is 4, and pictures has 3 classes; leave it out/,
    ],
    [['--from', 'base.safetensors', '--freeze', 'blocks.9'], /"freeze" names "blocks\.9", which is no part/],
    [['--from', 'base.safetensors', '--config', 'sized.json'], /whose sizes are its own; leave out "width"/],
    [
      ['--from', 'base.safetensors', '--image-size', '30'],
      /patches of 8 pixels, which do not divide an image of 30/,
    ],
  ])('refuses %j', async (args, message) => {
    await writeFile(
      join(folder, 'sized.json'),
      JSON.stringify({ preset: 'fine-tuning', name: 'x', model: { width: 4 } }),
    );
    expect(refusalOf(await train(...args, '--out', 'refused'))).toMatch(message);
  });
});

describe('a configuration', () => {
  const settings = {
    ...{ preset: 'fine-tuning', name: 'own', initial: 'base.safetensors', epochs: 2, warmup: 0 },
    model: { imageSize: 24, patchSize: 8, width: 18, depth: 2, heads: 3, hidden: 20, registers: 1 },
  };

  test('begins with any checkpoint whose backbone fits, and is resumed with more steps', async () => {
    await writeFile(join(folder, 'own.json'), JSON.stringify(settings));
    const begun = await train('--config', 'own.json', '--out', 'own');
    expect(begun.stdout).toMatch(/begins {2}with .*base\.safetensors; anew: head\n/);
    expect(begun.stdout).toMatch(/trained for 2 steps/);
    await writeFile(join(folder, 'more.json'), JSON.stringify({ ...settings, epochs: 4 }));
    const more = await train('--config', 'more.json', '--out', 'own', '--resume');
    expect(more.stdout).toMatch(/resume {2}step 2, with "steps" 3 instead of 2\n/);
    expect(more.stdout).toMatch(/trained for 3 steps/);
    await writeFile(join(folder, 'fewer.json'), JSON.stringify({ ...settings, epochs: 1 }));
    expect(refusalOf(await train('--config', 'fewer.json', '--out', 'own', '--resume'))).toMatch(
      /is at step 3, and "steps" are 1 now; ask for more/,
    );
  });

  test('with "from" has its own preprocessing, and the preset for fine-tuning', async () => {
    const own = { ...preprocessing, mean: [0.1, 0.2, 0.3] };
    const tuned = { name: 'tuned', from: 'base.safetensors', preprocessing: own, epochs: 1 };
    await writeFile(join(folder, 'tuned.json'), JSON.stringify(tuned));
    expect((await train('--config', 'tuned.json', '--out', 'tuned')).status).toBe(0);
    expect(await loadModel({ name: join(folder, 'tuned') })).toMatchObject({ preprocessing: own });
    const saved = await readFile(join(folder, 'tuned', 'checkpoint.json'), 'utf8');
    expect(JSON.parse(saved)).toMatchObject({ config: { layerDecay: 0.75 } });
  });

  test('may ask for Hydra attention, which is trained and explained like the rest', async () => {
    const hydra = {
      ...settings,
      initial: undefined,
      model: { ...settings.model, attention: 'hydra' },
      epochs: 30,
      mapsEvery: 10,
    };
    await writeFile(
      join(folder, 'hydra.json'),
      JSON.stringify({ ...hydra, learningRate: 0.005, layerDecay: 1 }),
    );
    const { status, stdout, stderr } = await train('--config', 'hydra.json', '--out', 'hydra');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/accuracy {3}100\.00 % of 6 pictures/);
    expect(await readdir(join(folder, 'hydra', 'maps'))).toHaveLength(1);
    const picture = ['--model', 'hydra', '--image', 'pictures/owl/2.png'];
    expect(refusalOf(await run('explain', ...picture, '--method', 'rollout'))).toMatch(
      /^rollout is undefined on this model, .* such as token-gradcam, skipplus, input-gradient, space-and-channels\.$/,
    );
    expect(await run('explain', ...picture, '--panel', '--html', 'hydra.html')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await readFile(join(folder, 'hydra.html'), 'utf8')).not.toContain('id="attention"');
  });
});

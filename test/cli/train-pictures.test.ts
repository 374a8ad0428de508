import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClassFolders } from '../support/class-folders.js';
import { refusalOf, vitrine, type Outcome } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pictures-'));
  await makeClassFolders(join(folder, 'pictures'), 8, ['cat/3.png', 'dog/0.png', 'owl/7.png']);
  const settings = {
    ...{ preset: 'small', name: 'tiny', batch: 8, epochs: 3, warmup: 1, learningRate: 0.005, average: 0.9 },
    model: { imageSize: 16, patchSize: 8, width: 16, depth: 2, heads: 2, hidden: 24 },
    augment: { policy: 'trivial-augment', erase: 0.2 },
    ...{ mixup: 0.2, cutmix: 1, mapsEvery: 2 },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(settings));
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: readonly string[]): Promise<Outcome> {
  return vitrine([...args, '--device', 'native'], { cwd: folder });
}
const train = (...args: readonly string[]) =>
  run('train', '--config', 'config.json', '--data', 'pictures', ...args);

describe('vitrine train --data', () => {
  test('trains on pictures in folders, and tells what the model is worth', async () => {
    const { status, stdout, stderr } = await train('--out', 'one', '--threads', '1');
    expect(status).toBe(0);
    for (const name of ['cat/3.png', 'dog/0.png', 'owl/7.png']) {
      expect(stderr.match(new RegExp(`pictures/${name} .*; it is left out\\.\n`, 'g'))).toHaveLength(1);
    }
    expect(stdout).toMatch(/\ndata {4}pictures, 3 classes, 18 pictures to learn from, 6 to measure on\n/);
    expect(stdout).toMatch(/\nsteps waited for their data \d+\.\d % of the time\n/);
    expect(stdout).toMatch(/\n3 pictures could not be read and were left out\ntrained for 7 steps; /);
    expect(stdout).toMatch(/\naccuracy .*\nrecall .*\nprecision .*\nF1 .*\nAUC .*\n$/);
    const found = JSON.parse(await readFile(join(folder, 'one', 'test.json'), 'utf8')) as object;
    expect(found).toMatchObject({ schema: 'vitrine-test-1', labels: ['cat', 'dog', 'owl'] });

    // After two of three epochs, as it was asked.
    expect(await readdir(join(folder, 'one', 'maps'))).toEqual(['step-0000006.png']);

    // What it left is a model that says itself what it is, and is measured as it was.
    const tested = await run('test', '--model', 'one', '--data', 'pictures', '--json', '--out', 'tests');
    expect(tested.status).toBe('leftOut' in found && Object.keys(found.leftOut as object).length > 0 ? 1 : 0);
    expect({ ...(JSON.parse(tested.stdout) as object), model: 'tiny' }).toEqual(found);
    expect(await readFile(join(folder, 'tests', 'confusion.csv'))).toEqual(
      await readFile(join(folder, 'one', 'confusion.csv')),
    );
  });

  test('to the same numbers with any number of workers and threads', async () => {
    await train('--out', 'two', '--threads', '1');
    await train('--out', 'three', '--threads', '2', '--workers', '3');
    const checkpoint = (name: string) => readFile(join(folder, name, 'checkpoint.safetensors'));
    expect((await checkpoint('three')).equals(await checkpoint('two'))).toBe(true);
  });

  test.each([
    [['--data', 'nowhere'], /There is no folder "nowhere" with pictures to learn from; give one, or a set/],
    [['--data', 'cifar-10'], /is not here, and nothing is downloaded unasked: fetch it from/],
    [['--data', 'pictures/cat'], /pictures\/cat" holds no folder; give each class a folder of its own/],
    [['--data', 'pictures', '--preset', 'big'], /names the preset "big"; there is small/],
    [['--data', 'pictures', '--epochs', 'few'], /--epochs is "few"; give a whole number of at least 1/],
    [['--data', 'pictures', '--workers', '0'], /--workers is "0"; give a number of threads from 1/],
    [[], /Say what to train on, by --data with a folder or the name of a set, or by --config/],
  ])('%j is refused', async (args, message) => {
    expect(refusalOf(await run('train', '--out', 'none', ...args))).toMatch(message);
  });
});

describe('vitrine train --resume', () => {
  test('takes no set that has become another, of which it may have learned what it is measured on', async () => {
    await makeClassFolders(join(folder, 'grown'), 6);
    const grown = (...args: readonly string[]) =>
      run('train', '--config', 'config.json', '--data', 'grown', '--out', 'grew', ...args);
    expect((await grown()).status).toBe(0);
    await makeClassFolders(join(folder, 'grown'), 7);
    expect(refusalOf(await grown('--resume'))).toMatch(
      /grew was begun on 18 pictures, and .*grown has 21 now, so that what is measured on may have been learned from: /,
    );
  });
});

describe('vitrine test', () => {
  test('divides a set as the training did', async () => {
    const settings = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object;
    await writeFile(
      join(folder, 'half.json'),
      JSON.stringify({ ...settings, seed: 5, data: { set: 'pictures', testShare: 0.5 } }),
    );
    expect((await run('train', '--config', 'half.json', '--out', 'half')).status).toBe(0);
    const found = JSON.parse(await readFile(join(folder, 'half', 'test.json'), 'utf8')) as object;
    const tested = await run('test', '--model', 'half', '--data', 'pictures', '--json', '--out', 'halves');
    expect({ ...(JSON.parse(tested.stdout) as object), model: 'tiny' }).toEqual(found);
  });

  test.each([
    [['--data', 'pictures', '--model', 'vit_scenes_patch8_72'], /No class is called "owl": /],
    [
      ['--data', 'pictures', '--part', 'half'],
      /--part does not know "half"; choose one of: test, train, all/,
    ],
    [['--data', 'nowhere'], /There is no folder "nowhere"/],
  ])('%j is refused', async (args, message) => {
    expect(refusalOf(await run('test', ...args))).toMatch(message);
  });
});

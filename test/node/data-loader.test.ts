import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../../src/index.js';
import { DataLoader, type DataRequest } from '../../src/node/index.js';
import { openData } from '../../src/node/datasets/loading/source.js';
import { checkedRecipe, type Batch } from '../../src/train/index.js';
import { haveSameBits } from '../support/compare.js';
import { makeClassFolders, shadeOf } from '../support/class-folders.js';

const [PICTURES, CLASSES, SIDE] = [10, 3, 16];
const classes = ['cat', 'dog', 'owl'] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-loader-'));
  await makeClassFolders(join(folder, 'whole'), PICTURES);
  await makeClassFolders(join(folder, 'damaged'), PICTURES, ['cat/3.png', 'dog/7.png', 'owl/0.png']);
});
afterAll(() => rm(folder, { recursive: true }));

function request(set: string, changes: object = {}): DataRequest {
  const model = { imageSize: SIDE, patchSize: 8, width: 8, depth: 1, heads: 1, hidden: 8 };
  const settings = { name: 'a', model, data: { set }, batch: 4, epochs: 3, learningRate: 1e-3, seed: 3 };
  return { recipe: checkedRecipe({ ...settings, ...changes }, 'config.json'), folder, source: 'config.json' };
}

/** Everything that may happen to a picture. */
const everything = {
  augment: {
    ...{ crop: {}, shift: 1, flip: 0.5, policy: 'trivial-augment', erase: 0.5 },
    color: { brightness: 0.3, contrast: 0.3, saturation: 0.3 },
  },
  mixup: 0.4,
  cutmix: 1,
};

async function first(batches: AsyncIterable<Batch>, count: number): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) if (found.push(batch) === count) break;
  return found;
}

function expectSame(found: readonly Batch[], expected: readonly Batch[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach(({ image, labels }, i) => {
    expect(haveSameBits(image, expected[i].image)).toBe(true);
    expect(haveSameBits(labels, expected[i].labels)).toBe(true);
  });
}

/** Which pictures a batch shows, where nothing was done to them; undefined for one that counts for nothing. */
function shown({ image, labels }: Batch): (string | undefined)[] {
  const count = labels.length / CLASSES;
  const channels = (i: number): number[] =>
    [0, 1, 2].map((channel) => {
      const value = image[(3 * i + channel) * SIDE * SIDE];
      return Math.round(255 * (0.5 * value + 0.5));
    });
  return Array.from({ length: count }, (_, i) => {
    const label = labels.slice(i * CLASSES, (i + 1) * CLASSES).indexOf(1);
    if (label < 0) return undefined;
    const shade = channels(i);
    const number = Array.from({ length: PICTURES }, (_, each) => each).find(
      (each) => String(shadeOf(classes[label], each)) === String(shade),
    );
    return `${classes[label]}/${number}`;
  });
}

const ignore = (): void => undefined;

describe('batches that threads make', () => {
  test.each(['whole', 'damaged'])('are the same, however many there are: %s', async (set) => {
    const asked = request(set, everything);
    const { data } = await openData(asked, ignore);
    const expected: Batch[] = [];
    for (let start = 0; start < 40; start += 4) expected.push(await data.train.batch(start, 4));
    for (const threads of [1, 3]) {
      const loader = await DataLoader.open(asked, threads, ignore);
      expectSame(await first(loader.batches('train', 0, 4), 10), expected);
      // As a training that is resumed takes them.
      expectSame(await first(loader.batches('train', 24, 4), 4), expected.slice(6));
      await loader.close();
    }
  });

  test('tell what a set has, and what a recipe comes to', async () => {
    const loader = await DataLoader.open(request('whole'), 1, ignore);
    const { labels, sizes, config } = loader.description;
    expect(labels).toEqual(classes);
    expect(sizes).toEqual({ train: 24, test: 6 });
    expect(config).toMatchObject({ steps: 18, checkpointEvery: 6 });
    await loader.close();
  });

  test('name what is damaged once', async () => {
    const told: string[] = [];
    const loader = await DataLoader.open(request('damaged'), 2, (name) => told.push(name));
    await first(loader.batches('train', 0, 4), 20);
    await first(loader.batches('test', 0, 4, 6), 2);
    await loader.close();
    const names = ['cat/3.png', 'dog/7.png', 'owl/0.png'].map((name) => join(folder, 'damaged', name));
    expect(told.sort()).toEqual(names);
    expect([...loader.damaged.keys()].sort()).toEqual(names);
  });

  test('cannot be made of a set with nothing to measure on', async () => {
    await makeClassFolders(join(folder, 'parts', 'train'), 2);
    for (const name of classes) await mkdir(join(folder, 'parts', 'val', name), { recursive: true });
    await expect(DataLoader.open(request('parts'), 1, ignore)).rejects.toThrow(
      /^"parts" has no picture to measure on: put some into/,
    );
  });

  test('cannot be made of a set that is not there', async () => {
    await expect(DataLoader.open(request('nowhere'), 2, ignore)).rejects.toThrow(DataError);
    await expect(DataLoader.open(request('cifar-10'), 1, ignore)).rejects.toThrow(
      /CIFAR-10, binary version is not here, and nothing is downloaded unasked: fetch it from/,
    );
  });
});

describe('pictures that are learned from', () => {
  async function epochs(set: string, count: number): Promise<(string | undefined)[][]> {
    const { data } = await openData(request(set), ignore);
    const found: (string | undefined)[][] = [];
    for (let epoch = 0; epoch < count; epoch++) {
      found.push(shown(await data.train.batch(epoch * data.train.size, data.train.size)));
    }
    return found;
  }

  test('come once an epoch, in another order each time', async () => {
    const [one, two] = await epochs('whole', 2);
    expect(new Set(one).size).toBe(24);
    expect([...two].sort()).toEqual([...one].sort());
    expect(two).not.toEqual(one);
  });

  test('are replaced by the next one where they are damaged', async () => {
    const [whole] = await epochs('whole', 1);
    const [found] = await epochs('damaged', 1);
    const damaged = ['cat/3', 'dog/7', 'owl/0'];
    const next = (from: number): string => {
      for (let i = from; ; i++) {
        const name = whole[i % whole.length]!;
        if (!damaged.includes(name)) return name;
      }
    };
    expect(found).toEqual(whole.map((_, i) => next(i)));
    expect(found).not.toEqual(whole);
  });

  test('are those of no test', async () => {
    const { data } = await openData(request('damaged'), ignore);
    const measured = shown(await data.test.batch(0, 8));
    // Six are there, of which none, one or several are damaged; two places are beyond them.
    expect(measured.slice(6)).toEqual([undefined, undefined]);
    const [learned] = await epochs('whole', 1);
    const read = measured.filter((name) => name !== undefined);
    expect(read.length).toBeGreaterThan(2);
    for (const name of read) expect(learned).not.toContain(name);
  });

  test('are measured on in an order in which the first few are of several classes', async () => {
    const { data } = await openData(request('whole', { data: { set: 'whole', testShare: 0.5 } }), ignore);
    const all = shown(await data.test.batch(0, 15));
    expect(new Set(all).size).toBe(15);
    expect(new Set(all.slice(0, 5).map((name) => name!.split('/')[0])).size).toBe(CLASSES);
    expect(shown(await data.test.batch(5, 5))).toEqual(all.slice(5, 10));
  });

  test('are mixed where that is asked, and labels with them', async () => {
    const { data } = await openData(request('whole', { mixup: 1 }), ignore);
    const { labels } = await data.train.batch(0, 8);
    const rows = Array.from({ length: 8 }, (_, i) => labels.slice(CLASSES * i, CLASSES * (i + 1)));
    for (const row of rows) expect([...row].reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(rows.some((row) => row.every((share) => share < 1))).toBe(true);
  });
});

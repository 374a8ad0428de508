import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataError, UsageError } from '../../src/errors.js';
import type { LabelledPictures } from '../../src/data/sets/index.js';
import { openLabelledSet } from '../../src/node/datasets/labelled/open.js';
import { encodePng } from '../../src/node/pictures/encode-png.js';
import { big, bytesOf, element, head, letters, matrix } from '../support/set-files.js';

const division = { testShare: 0.25, seed: 1 };
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-sets-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A picture of one colour: its red tells which it is. */
const png = (red: number): Uint8Array =>
  encodePng({ width: 2, height: 1, data: Uint8Array.of(red, 0, 0, red, 0, 0) });

async function written(name: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const folder = join(root, name);
  for (const [file, data] of Object.entries(files)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, data);
  }
  return folder;
}

/** Label and red of each picture. */
async function seen(pictures: LabelledPictures): Promise<(readonly [number, number])[]> {
  const indices = Array.from({ length: pictures.labels.length }, (_, index) => index);
  return Promise.all(
    indices.map(async (index) => [pictures.labels[index], (await pictures.picture(index)).data[0]] as const),
  );
}

describe('sets in the layouts in which they are published', () => {
  test('class folders in two parts', async () => {
    const folder = await written('two-parts', {
      'train/dog/1.png': png(1),
      'train/cat/2.png': png(2),
      'train/cat/more/3.png': png(3),
      'val/cat/4.png': png(4),
      'train/stray.png': png(5),
      'train/.hidden/6.png': png(6),
      'train/cat/notes.txt': 'no picture',
    });
    const set = await openLabelledSet(folder, division);
    expect(set.classes).toEqual(['cat', 'dog']);
    expect(await seen(set.train)).toEqual([
      [0, 2],
      [0, 3],
      [1, 1],
    ]);
    expect(await seen(set.test)).toEqual([[0, 4]]);
    expect(set.notes).toEqual([
      `"${join(folder, 'train/stray.png')}" is a picture in no class, and left out`,
    ]);
    expect(set.train.name(2)).toBe(join(folder, 'train/dog/1.png'));
  });

  test('class folders alone are divided class by class', async () => {
    const names = [1, 2, 3, 4];
    const folder = await written(
      'one-part',
      Object.fromEntries(
        names.flatMap((n) => [
          [`a/${n}.png`, png(n)],
          [`b/${n}.png`, png(10 + n)],
        ]),
      ),
    );
    const set = await openLabelledSet(folder, division);
    const [train, held] = [await seen(set.train), await seen(set.test)];
    expect(held.map(([label]) => label)).toEqual([0, 1]);
    expect([...train, ...held].map(([, red]) => red).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 11, 12, 13, 14,
    ]);
  });

  test('a class of trains is no part', async () => {
    const vehicles = ['bus', 'train'];
    const files = vehicles.flatMap((name) => [1, 2].map((n) => [`${name}/${n}.png`, png(n)] as const));
    const set = await openLabelledSet(await written('vehicles', Object.fromEntries(files)), division);
    expect(set.classes).toEqual(vehicles);
    expect([set.train.labels.length, set.test.labels.length]).toEqual([2, 2]);
  });

  test.each<[string, Record<string, Uint8Array>, RegExp]>([
    ['one class', { 'a/1.png': png(1) }, /one folder alone; give each class a folder of its own/],
    ['no folder', { '1.png': png(1) }, /holds no folder; give each class/],
    [
      'an empty class',
      { 'a/1.png': png(1), 'b/x.txt': png(1) },
      /b" holds no picture: every class needs some/,
    ],
    [
      'a class that is only measured',
      { 'train/a/1.png': png(1), 'train/b/1.png': png(1), 'test/c/1.png': png(1) },
      /test\/c" is a class that is not in/,
    ],
  ])('%s: one sentence', async (name, files, words) => {
    const folder = await written(`bad-${name}`, files);
    await expect(openLabelledSet(folder, division)).rejects.toThrow(DataError);
    await expect(openLabelledSet(folder, division)).rejects.toThrow(words);
  });

  test('IDX, packed and not, and the names of Fashion-MNIST', async () => {
    const images = bytesOf([0, 0, 8, 3], big(2), big(1), big(1), [7, 9]);
    const labels = bytesOf([0, 0, 8, 1], big(2), [3, 9]);
    const files = {
      'train-images-idx3-ubyte.gz': gzipSync(images),
      'train-labels.idx1-ubyte': labels,
      't10k-images-idx3-ubyte': images,
      't10k-labels-idx1-ubyte.gz': gzipSync(labels),
    };
    const set = await openLabelledSet(await written('my-fashion', files), division);
    expect(await seen(set.train)).toEqual([
      [3, 7],
      [9, 9],
    ]);
    expect(await seen(set.test)).toEqual(await seen(set.train));
    expect(set.classes[9]).toBe('ankle boot');
    const digits = await written('numbers', {
      ...files,
      'train-labels.idx1-ubyte': bytesOf([0, 0, 8, 1], big(2), [3, 10]),
    });
    await expect(openLabelledSet(digits, division)).rejects.toThrow(
      /the label 10, but there are only 10 classes/,
    );
    const damaged = await written('damaged', {
      ...files,
      'train-images-idx3-ubyte.gz': gzipSync(images).subarray(0, 12),
    });
    await expect(openLabelledSet(damaged, division)).rejects.toThrow(/cannot be unpacked: it is damaged/);
    const rest = Object.fromEntries(
      Object.entries(files).filter(([name]) => name !== 't10k-images-idx3-ubyte'),
    );
    await expect(openLabelledSet(await written('lacking', rest), division)).rejects.toThrow(
      /lacks "t10k-images-idx3-ubyte", packed or not/,
    );
  });

  test('CIFAR-10 and CIFAR-100', async () => {
    const record = (...start: number[]): Uint8Array =>
      bytesOf(start, new Uint8Array(3072 - start.length + 1));
    const ten = await openLabelledSet(
      await written('ten', {
        'batches.meta.txt': 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n',
        ...Object.fromEntries(
          [1, 2, 3, 4, 5].map((batch) => [`data_batch_${batch}.bin`, record(batch, 10 * batch)]),
        ),
        'test_batch.bin': record(0, 99),
      }),
      division,
    );
    expect(await seen(ten.train)).toEqual([1, 2, 3, 4, 5].map((batch) => [batch, 10 * batch]));
    expect(await seen(ten.test)).toEqual([[0, 99]]);
    expect(ten.classes[9]).toBe('j');
    const fine = Array.from({ length: 100 }, (_, i) => `class ${i}`).join('\n');
    const pair = bytesOf([4, 99, 17], new Uint8Array(3071));
    const folder = await written('hundred', {
      'fine_label_names.txt': fine,
      'train.bin': pair,
      'test.bin': pair,
    });
    expect(await seen((await openLabelledSet(folder, division)).train)).toEqual([[99, 17]]);
  });

  test('Tiny-ImageNet', async () => {
    const folder = await written('tiny', {
      'wnids.txt': 'n02\nn01\n',
      'words.txt': 'n01\tgoldfish, Carassius\nn02\tcat\nn03\tother\n',
      'train/n01/images/n01_0.JPEG': png(1),
      'train/n02/images/n02_0.JPEG': png(2),
      'val/images/val_0.JPEG': png(3),
      'val/val_annotations.txt': 'val_0.JPEG\tn01\t0\t0\t1\t1\n',
    });
    const set = await openLabelledSet(folder, division);
    expect(set.classes).toEqual(['cat', 'goldfish']);
    expect(await seen(set.train)).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(await seen(set.test)).toEqual([[1, 3]]);
  });

  test('Pets, with trimaps as masks', async () => {
    const folder = await written('animals', {
      'annotations/trainval.txt': 'Abyssinian_1 1 1 1\nbasset_hound_2 2 2 1\n',
      'annotations/test.txt': 'Abyssinian_3 1 1 1\n',
      'images/Abyssinian_1.jpg': png(1),
      'images/basset_hound_2.jpg': png(2),
      'images/Abyssinian_3.jpg': png(3),
      'annotations/trimaps/Abyssinian_3.png': encodePng({
        width: 2,
        height: 1,
        data: Uint8Array.of(1, 1, 1, 2, 2, 2),
      }),
    });
    const set = await openLabelledSet(folder, division);
    expect(set.classes).toEqual(['Abyssinian', 'basset hound']);
    expect(await seen(set.train)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect([...((await set.test.mask!(0)).values as Float32Array)]).toEqual([1, 0]);
  });

  test('Flowers102', async () => {
    const array = (name: string, values: number[]): Uint8Array =>
      matrix(element(1, letters(name)), element(2, values));
    const folder = await written('flowers', {
      'imagelabels.mat': bytesOf(head, array('labels', [5, 102, 1])),
      'setid.mat': bytesOf(head, array('trnid', [1]), array('valid', [3]), array('tstid', [2])),
      'jpg/image_00001.jpg': png(1),
      'jpg/image_00002.jpg': png(2),
      'jpg/image_00003.jpg': png(3),
    });
    const set = await openLabelledSet(folder, division);
    expect(await seen(set.train)).toEqual([
      [4, 1],
      [0, 3],
    ]);
    expect(await seen(set.test)).toEqual([[101, 2]]);
  });

  test('a set by its name is looked for, and never downloaded', async () => {
    await expect(openLabelledSet('cifar-100', division)).rejects.toThrow(
      /CIFAR-100, binary version is not here, .* fetch it from https:.* unpack it into "data.cifar-100", or name its folder\./,
    );
    await expect(openLabelledSet('cifar', division)).rejects.toThrow(UsageError);
    await expect(openLabelledSet('cifar', division)).rejects.toThrow(
      /There is no folder "cifar" .* mnist, fashion-mnist/,
    );
  });
});

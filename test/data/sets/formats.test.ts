import { gunzipSync } from 'node:zlib';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '../../../src/errors.js';
import { cifarLayouts, cifarNames, cifarPictures } from '../../../src/data/sets/cifar.js';
import { flowersClasses, flowersList } from '../../../src/data/sets/flowers.js';
import { idxPictures, parseIdx } from '../../../src/data/sets/idx.js';
import { chosen, joined } from '../../../src/data/sets/labelled-pictures.js';
import {
  petsClasses,
  petsList,
  tinyImagenetList,
  tinyImagenetNames,
} from '../../../src/data/sets/listings.js';
import { parseMat } from '../../../src/data/sets/mat.js';
import { split } from '../../../src/data/sets/split.js';
import {
  big,
  bytesOf,
  element,
  head,
  letters,
  little,
  matrix,
  packed,
  small,
} from '../../support/set-files.js';

describe('IDX', () => {
  const images = bytesOf([0, 0, 8, 3], big(2), big(2), big(3), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const labels = bytesOf([0, 0, 8, 1], big(2), [4, 9]);
  const set = (pictures: Uint8Array, classes: Uint8Array) =>
    idxPictures({ source: 'images', bytes: pictures }, { source: 'labels', bytes: classes });

  test('pictures and labels, grey in all channels', async () => {
    const pictures = set(images, labels);
    expect([...(pictures.labels as Uint8Array)]).toEqual([4, 9]);
    const { width, height, data } = await pictures.picture(1);
    expect([width, height]).toEqual([3, 2]);
    expect([...data]).toEqual([7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12]);
    expect(pictures.name(1)).toBe('picture 1 of "images"');
  });

  test.each([
    ['cut short', images.subarray(0, -1), /says 2 x 2 x 3 elements, and holds 11/],
    ['with something behind', bytesOf(images, [0]), /holds 13/],
    ['of another magic number', bytesOf([1], images.subarray(1)), /does not begin with two zeros/],
    ['of floats', bytesOf([0, 0, 0x0d, 3], images.subarray(4)), /of type 13, not unsigned bytes/],
    ['a head alone', images.subarray(0, 9), /its head, of 3 axes, is cut short/],
    ['nothing', new Uint8Array(0), /has 0 bytes/],
    ['huge axes', bytesOf([0, 0, 8, 3], big(2 ** 32 - 1), big(2 ** 32 - 1), big(2 ** 32 - 1)), /and holds 0/],
  ])('%s: one sentence', (_, bytes, words) => {
    expect(() => parseIdx(bytes, 'file')).toThrow(DataError);
    expect(() => parseIdx(bytes, 'file')).toThrow(words);
  });

  test('files that do not belong together', () => {
    expect(() => set(images, bytesOf([0, 0, 8, 1], big(3), [0, 1, 2]))).toThrow(/do not belong together/);
    expect(() => set(labels, labels)).toThrow(/pictures have three axes/);
    expect(() => set(images, images)).toThrow(/do not belong together/);
  });

  // Debian's package of Fashion-MNIST, where it is installed.
  const folder = '/usr/share/datasets/fashion-mnist';
  (existsSync(folder) ? test : test.skip)('Fashion-MNIST', () => {
    const read = (name: string): Uint8Array => gunzipSync(readFileSync(`${folder}/${name}.gz`));
    const pictures = set(read('t10k-images-idx3-ubyte'), read('t10k-labels-idx1-ubyte'));
    const counts = new Array<number>(10).fill(0);
    for (const label of pictures.labels as Uint8Array) counts[label]++;
    expect(counts).toEqual(new Array(10).fill(1000));
  });
});

describe('CIFAR', () => {
  const record = (labels: readonly number[], at: number): Uint8Array =>
    bytesOf(
      labels,
      Uint8Array.from({ length: 3072 }, (_, i) => (i * 7 + at) % 256),
    );

  test.each([
    ['cifar-10', [3], [9]],
    ['cifar-100', [19, 3], [1, 99]],
  ] as const)('%s: records of labels and planes', async (name, first, second) => {
    const pictures = cifarPictures(bytesOf(record(first, 0), record(second, 5)), 'file', cifarLayouts[name]);
    expect([...(pictures.labels as Uint8Array)]).toEqual([first.at(-1), second.at(-1)]);
    const { width, height, data } = await pictures.picture(1);
    expect([width, height, data.length]).toEqual([32, 32, 3072]);
    for (const [x, y] of [
      [0, 0],
      [31, 0],
      [4, 17],
    ]) {
      const place = y * 32 + x;
      expect([...data.subarray(3 * place, 3 * place + 3)]).toEqual(
        [0, 1, 2].map((plane) => ((plane * 1024 + place) * 7 + 5) % 256),
      );
    }
  });

  test('what is damaged is named', () => {
    const { 'cifar-10': layout } = cifarLayouts;
    const parse = (bytes: Uint8Array) => () => cifarPictures(bytes, 'file', layout);
    expect(parse(record([1], 0).subarray(1))).toThrow(/3072 bytes, which are no row of records of 3073/);
    expect(parse(new Uint8Array(0))).toThrow(DataError);
    expect(parse(bytesOf(record([1], 0), record([10], 0)))).toThrow(
      /gives picture 1 the label 10, but there are only 10 classes/,
    );
    expect(cifarNames('cat\r\ndog\n\n', 'names', 2)).toEqual(['cat', 'dog']);
    expect(() => cifarNames('cat\n', 'names', 2)).toThrow(/names 1 classes, but there are 2/);
  });
});

describe('listings', () => {
  test("Pets': names, classes from 1, comments", () => {
    const list = petsList(
      '#Image CLASS-ID SPECIES BREED\nBritish_Shorthair_7 2 1 2\nboxer_12 1 2 1\n',
      'list',
    );
    expect(list).toEqual([
      { file: 'British_Shorthair_7', label: 1 },
      { file: 'boxer_12', label: 0 },
    ]);
    expect(petsClasses(list)).toEqual(['boxer', 'British Shorthair']);
    expect(petsClasses([{ file: 'boxer_12', label: 1 }])).toEqual(['class 1', 'boxer']);
    expect(() => petsList('#\nboxer_12 0 2 1', 'list')).toThrow(
      /Line 2 of "list" is "boxer_12 0 2 1"; expected a name/,
    );
    expect(() => petsList('boxer_12', 'list')).toThrow(DataError);
    expect(() => petsList('boxer_12 999999999 2 1', 'list')).toThrow(DataError);
  });

  test("Tiny-ImageNet's: ids and words", () => {
    const ids = ['n01', 'n02'];
    expect(tinyImagenetList('val_0.JPEG\tn02\t0\t0\t63\t63\n', 'val', ids)).toEqual([
      { file: 'val_0.JPEG', label: 1 },
    ]);
    expect(() => tinyImagenetList('val_0.JPEG\tn03\t0', 'val', ids)).toThrow(/one of the set's classes/);
    expect(tinyImagenetNames('n02\tgoldfish, Carassius auratus\nn05\tx\n', ids)).toEqual(['n01', 'goldfish']);
  });
});

describe('MATLAB files of level 5', () => {
  const doubles = new Uint8Array(Float64Array.of(1, 2, 102).buffer);

  test('numbers of any type, compressed or not, with small elements', async () => {
    const file = bytesOf(
      head,
      matrix(element(1, letters('labels')), element(9, doubles)),
      packed(matrix(small(1, letters('ids')), small(2, [7, 8, 255]))),
      packed(matrix(small(1, letters('more')), element(4, [1, 1, 2, 0, 3, 0]))),
    );
    const arrays = await parseMat(file, 'file');
    expect([...arrays].map(([name, values]) => [name, ...values])).toEqual([
      ['labels', 1, 2, 102],
      ['ids', 7, 8, 255],
      ['more', 257, 2, 3],
    ]);
  });

  test.each([
    ['nothing', new Uint8Array(0), /has 0 bytes/],
    ['another kind of file', bytesOf(new Array<number>(128).fill(65)), /its head says something else/],
    [
      'cut short',
      bytesOf(head, matrix(element(1, letters('labels')), element(9, doubles)).subarray(0, -16)),
      /cut short/,
    ],
    ['damaged within', bytesOf(head, little(15), little(4), [1, 2, 3, 4]), /compressed in it is damaged/],
    ['packed nothing', bytesOf(head, packed(new Uint8Array(0))), /cut short/],
  ])('%s: one sentence', async (_, bytes, words) => {
    await expect(parseMat(bytes, 'file')).rejects.toThrow(DataError);
    await expect(parseMat(bytes, 'file')).rejects.toThrow(words);
  });

  test('what unpacks to too much is refused', async () => {
    await expect(parseMat(bytesOf(head, packed(new Uint8Array(2 ** 25))), 'file')).rejects.toThrow(
      /more than the labels/,
    );
  });

  test("Flowers102's parts", () => {
    const labels = new Map([['labels', Float64Array.of(1, 102, 5)]]);
    const ids = (trnid: number[], valid: number[], tstid: number[]) =>
      new Map(
        Object.entries({ trnid, valid, tstid }).map(([name, values]) => [name, Float64Array.from(values)]),
      );
    expect(flowersList(labels, ids([2], [3], [1]), 'folder')).toEqual({
      train: [
        { file: 'image_00002.jpg', label: 101 },
        { file: 'image_00003.jpg', label: 4 },
      ],
      test: [{ file: 'image_00001.jpg', label: 0 }],
    });
    expect(flowersClasses[101]).toBe('flower 102');
    expect(() => flowersList(labels, ids([4], [], []), 'folder')).toThrow(
      /names picture 4, and there are 3 labels/,
    );
    expect(() =>
      flowersList(new Map([['labels', Float64Array.of(103)]]), ids([1], [], []), 'folder'),
    ).toThrow(/of class 103, of 102/);
    expect(() => flowersList(labels, new Map(), 'folder')).toThrow(/holds no "trnid"/);
    expect(() => flowersList(new Map(), ids([1], [], []), 'folder')).toThrow(/holds no "labels"/);
  });
});

describe('parts of sets', () => {
  const pictures = {
    labels: [0, 1, 0, 1, 2],
    name: (index: number) => `p${index}`,
    picture: (index: number) => Promise.resolve({ width: 1, height: 1, data: Uint8Array.of(index, 0, 0) }),
    mask: (index: number) => Promise.resolve({ width: 1, height: 1, values: [index] }),
  };

  test('chosen and joined keep names, labels, pictures and masks together', async () => {
    const some = chosen(pictures, [4, 1]);
    expect([
      some.labels[0],
      some.name(0),
      (await some.picture(0)).data[0],
      (await some.mask!(1)).values[0],
    ]).toEqual([2, 'p4', 4, 1]);
    const all = joined([some, pictures]);
    expect([all.labels.length, all.labels[3], all.name(3), (await all.picture(3)).data[0]]).toEqual([
      7,
      1,
      'p1',
      1,
    ]);
  });

  test('a split takes its share of every class, the same each time', () => {
    const labels = Array.from({ length: 100 }, (_, index) => (index < 50 ? 0 : index < 90 ? 1 : 2));
    const { train, test: held } = split(labels, 0.2, 7);
    const counts = [0, 1, 2].map((label) => held.filter((index) => labels[index] === label).length);
    expect(counts).toEqual([10, 8, 2]);
    expect([...train, ...held].sort((a, b) => a - b)).toEqual(labels.map((_, index) => index));
    expect(split(labels, 0.2, 7)).toEqual({ train, test: held });
    expect(split(labels, 0.2, 8).test).not.toEqual(held);
    // A class of one is learned from; one of two is on both sides, however small the share.
    expect(split([0, 1, 1], 0.01, 1).test.length).toBe(1);
  });
});

import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/errors.js';
import {
  parseClassQuery,
  resolveClass,
  shortLabel,
  wholeLabels,
} from '../../src/models/registry/class-names.js';
import { imagenetLabels } from '../../src/models/registry/imagenet-labels.js';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('expected an error');
}

test('the labels are those of ImageNet-1k', () => {
  expect(imagenetLabels).toHaveLength(1000);
  expect(imagenetLabels[0]).toBe('tench, Tinca tinca');
  expect(imagenetLabels[87]).toBe('African grey, African gray, Psittacus erithacus');
  expect(imagenetLabels[281]).toBe('tabby, tabby cat');
  expect(imagenetLabels[999]).toContain('toilet tissue');
});

test('the short label is the first synonym', () => {
  expect(shortLabel(imagenetLabels[87])).toBe('African grey');
  expect(shortLabel('soap dispenser')).toBe('soap dispenser');
});

describe('resolveClass', () => {
  test.each([
    ['87', 87],
    [' 0 ', 0],
    ['999', 999],
    ['African grey', 87],
    ['african GRAY', 87],
    ['Psittacus erithacus', 87],
    ['psittacus', 87],
    ['golden_retriever', 207],
    ["potter's  wheel", 739],
    ['jack-o', 607],
    // a synonym in full goes before the labels that merely contain it
    ['ox', 345],
    ['husky', 248],
    // a whole label tells apart what its first synonym cannot
    ['maillot, tank suit', 639],
    // as results tell it, which also tells apart classes of one name
    ['African grey (87)', 87],
    ['crane (517)', 517],
    ['Crane  (134)', 134],
  ])('%p is class %i', (query, index) => {
    expect(resolveClass(query, imagenetLabels)).toBe(index);
  });

  test('every whole label of several synonyms finds its own class', () => {
    const wrong = imagenetLabels.filter(
      (label, index) => label.includes(',') && resolveClass(label, imagenetLabels) !== index,
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['crane', 134, 517],
    ['Maillot', 638, 639],
    ['missile', 657, 744],
  ])('%p is the full name of two classes: %i and %i', (query, first, second) => {
    const message = messageOf(() => resolveClass(query, imagenetLabels));
    expect(message).toContain(`"${query}" fits 2 classes`);
    expect(message).toContain(`${first} (${imagenetLabels[first]})`);
    expect(message).toContain(`${second} (${imagenetLabels[second]})`);
  });

  test('a part of many labels lists a few, whole words first', () => {
    const message = messageOf(() => resolveClass('cat', imagenetLabels));
    expect(message).toMatch(/fits \d+ classes/);
    expect(message.match(/\d+ \(/g)).toHaveLength(5);
    expect(message).toContain('281 (tabby, tabby cat)');
    expect(message).not.toContain('cattle');
  });

  test('a slip of the keyboard is recognised', () => {
    const message = messageOf(() => resolveClass('afrcan grey', imagenetLabels));
    expect(message).toContain('No class is called "afrcan grey"');
    expect(message).toContain('87 (African grey');
  });

  test.each(['crane (135)', 'crane (1000)', 'crane (517', '(517)', 'crane 517'])(
    '%p is no class',
    (query) => {
      expect(messageOf(() => resolveClass(query, imagenetLabels))).toContain(`No class is called "${query}"`);
    },
  );

  test('what resembles nothing gets no suggestion', () => {
    const message = messageOf(() => resolveClass('xyzzyxyzzy', imagenetLabels));
    expect(message).toContain('give an index or another name');
  });

  test.each(['1000', '-1', '1.5', '99999999999999999999'])('index %p is out of range', (query) => {
    const message = messageOf(() => resolveClass(query, imagenetLabels));
    expect(message).toContain(`There is no class ${query}`);
    expect(message).toContain('0 to 999');
  });

  test('an empty query is refused rather than found in every label', () => {
    expect(messageOf(() => resolveClass('  ', imagenetLabels))).toContain('class is empty');
  });
});

describe('what a refused name is told, in full', () => {
  test('the classes that it fits, whole words first and five at most', () => {
    const labels = ['cattle', 'bobcat', 'Persian cat', 'tabby, tiger-cat', 'catamaran', 'catfish'];
    expect(messageOf(() => resolveClass('Cat', labels))).toBe(
      '"Cat" fits 6 classes: 2 (Persian cat), 3 (tabby, tiger-cat), 0 (cattle), 1 (bobcat), 4 (catamaran), …; ' +
        'give the index or a longer name.',
    );
    expect(messageOf(() => resolveClass('cat', labels.slice(0, 5)))).toBe(
      '"cat" fits 5 classes: 2 (Persian cat), 3 (tabby, tiger-cat), 0 (cattle), 1 (bobcat), 4 (catamaran); ' +
        'give the index or a longer name.',
    );
  });

  test('up to three classes that it is nearly the name of, the nearest first', () => {
    const labels = ['written', 'kittne', 'mitten', 'sitting', 'cake, Bitten'];
    expect(messageOf(() => resolveClass('kitten', labels))).toBe(
      'No class is called "kitten": did you mean 2 (mitten), 4 (cake, Bitten), 0 (written)?',
    );
    // A third of the letters may differ, of two letters one.
    expect(messageOf(() => resolveClass('ab', ['xyz', 'ac']))).toBe(
      'No class is called "ab": did you mean 1 (ac)?',
    );
    expect(messageOf(() => resolveClass('kitten', ['sitting']))).toBe(
      'No class is called "kitten": give an index or another name.',
    );
  });

  test('that it is empty, or no index', () => {
    expect(messageOf(() => resolveClass('', ['a']))).toBe(
      'The class is empty: give an index, a name or "top5".',
    );
    expect(messageOf(() => resolveClass('1', ['a']))).toBe(
      'There is no class 1: give an index from 0 to 0, or a name.',
    );
    expect(messageOf(() => parseClassQuery('top2', 1))).toBe(
      '"top2" asks for 2 classes: give "top1" to "top1".',
    );
  });
});

test('a whole label is every synonym of it', () => {
  const isWhole = wholeLabels(['African grey, African gray', 'hen']);
  expect(['african_GREY,  African gray ', 'Hen'].map(isWhole)).toEqual([true, true]);
  expect(['African grey', 'African gray, African grey', 'he', ''].map(isWhole)).toEqual(Array(4).fill(false));
});

describe('parseClassQuery', () => {
  test.each([
    ['87', { kind: 'index', index: 87 }],
    ['top5', { kind: 'top', count: 5 }],
    ['TOP-1', { kind: 'top', count: 1 }],
    ['top1000', { kind: 'top', count: 1000 }],
    [' tabby cat ', { kind: 'name', name: 'tabby cat' }],
    ['top hat', { kind: 'name', name: 'top hat' }],
    ['+7', { kind: 'index', index: 7 }],
    ['7.', { kind: 'index', index: 7 }],
    ['7.0', { kind: 'index', index: 7 }],
    ['7th', { kind: 'name', name: '7th' }],
    ['no 7', { kind: 'name', name: 'no 7' }],
    ['top 12', { kind: 'top', count: 12 }],
    ['laptop5', { kind: 'name', name: 'laptop5' }],
    ['top5s', { kind: 'name', name: 'top5s' }],
    ['top  5', { kind: 'name', name: 'top  5' }],
  ])('%p', (text, expected) => {
    expect(parseClassQuery(text, 1000)).toEqual(expected);
  });

  test.each(['top0', 'top1001'])('%p asks for an impossible number of classes', (text) => {
    expect(messageOf(() => parseClassQuery(text, 1000))).toContain('"top1" to "top1000"');
  });

  test('the range follows the number of classes', () => {
    expect(parseClassQuery('4', 5)).toEqual({ kind: 'index', index: 4 });
    expect(messageOf(() => parseClassQuery('5', 5))).toContain('0 to 4');
  });
});

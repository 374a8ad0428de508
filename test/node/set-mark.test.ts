import { expect, test } from '@jest/globals';
import { markOf } from '../../src/node/datasets/loading/set-mark.js';
import type { DataSet } from '../../src/train/index.js';

function setOf(classes: readonly string[], train: readonly string[], test: readonly string[], place = '/a') {
  const part = (names: readonly string[]) => ({
    labels: names.map((name) => classes.indexOf(name.split('/')[0])),
    name: (index: number) => `${place}/${names[index]}`,
    picture: () => Promise.reject(new Error('No picture is read.')),
  });
  return { classes, train: part(train), test: part(test) } satisfies DataSet;
}

test('a set is known again wherever it lies, and not with another picture, class or division', () => {
  const classes = ['cat', 'dog'];
  const mark = markOf(setOf(classes, ['cat/1', 'dog/1'], ['cat/2']), '/a');
  expect(mark.pictures).toBe(3);
  expect(markOf(setOf(classes, ['cat/1', 'dog/1'], ['cat/2'], '/b'), '/b')).toEqual(mark);
  const others = [
    setOf(classes, ['cat/1', 'dog/1'], ['cat/2', 'cat/3']),
    setOf(classes, ['cat/1', 'dog/1'], ['cat/3']),
    setOf(classes, ['cat/2', 'dog/1'], ['cat/1']),
    setOf(classes, ['cat/1', 'dog/1', 'cat/2'], []),
    setOf(['cat', 'hound'], ['cat/1', 'hound/1'], ['cat/2']),
  ];
  const hashes = others.map((other) => markOf(other, '/a').hash);
  expect(new Set([mark.hash, ...hashes]).size).toBe(6);
});

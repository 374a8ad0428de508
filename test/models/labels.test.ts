import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/errors.js';
import { parseLabels } from '../../src/index.js';
import { namesByIndex } from '../../src/models/configuration/labels.js';

describe('names of classes in files of every kind that is in use', () => {
  test.each([
    ['lines', 'tench\nshark\n  cock \n'],
    ['lines of Windows', 'tench\r\nshark\r\ncock\r\n'],
    ['a list', '["tench", "shark", "cock"]'],
    ['a table by index', '{"2": "cock", "0": "tench", "1": "shark"}'],
    [
      'Keras, with identifiers',
      '{"0": ["n01440764", "tench"], "1": ["n01484850", "shark"], "2": ["n01514668", "cock"]}',
    ],
    [
      'tables with the name behind all else',
      '{"0": ["tench"], "1": ["n", "fish", "shark"], "2": ["n", "cock"]}',
    ],
    ['torchvision, indices by name', '{"cock": 2, "shark": 1, "tench": 0}'],
  ])('%s', (_, text) => {
    expect(parseLabels(text, 3, 'file')).toEqual(['tench', 'shark', 'cock']);
  });

  test('brackets within a name do not make JSON of it', () => {
    expect(parseLabels('crane [bird]\nbow{tie}\n{', 3, 'file')).toEqual(['crane [bird]', 'bow{tie}', '{']);
    expect(parseLabels(' \n ["a"]', 1, 'file')).toEqual(['a']);
  });

  test.each([
    ['a\nb\n', /^file names 2 classes, and the model has 3; give a file with one name for each\.$/],
    ['a\nb\nc\nd', /names 4 classes/],
    ['a\n\nc\n', /^file has no name for class 1;/],
    ['["a", "b", ""]', /no name for class 2/],
    ['{"0": "a", "2": "c"}', /no name for class 1/],
    ['{"0": "a", "7": "c"}', /names 8 classes/],
    ['{"a": 0, "b": 1, "c": 1}', /names 2 classes/],
    ['', /names 1 class, and/],
    ['["a", 2]', /holds no names of classes; expected one a line, or JSON/],
    ['{"a": -1}', /names 1 class, and/],
    ['["a", "b"', /^file is no JSON: /],
  ])('%j is refused', (text, words) => {
    expect(() => parseLabels(text, 3, 'file')).toThrow(UsageError);
    expect(() => parseLabels(text, 3, 'file')).toThrow(words);
  });
});

describe('names in the configuration of a model', () => {
  test.each<[string, Parameters<typeof namesByIndex>, readonly string[] | undefined]>([
    ['a list', [['a', 'b'], 2], ['a', 'b']],
    ['a table, of which more is known than needed', [{ 1: 'b', 0: 'a', 2: 'c' }, 2], ['a', 'b']],
    ['only some called by their number', [['LABEL_0', 'b'], 2], ['LABEL_0', 'b']],
    ['all called by their number', [{ 0: 'LABEL_0', 1: 'LABEL_1' }, 2], undefined],
    ['as many as there are classes, but not of each', [{ 0: 'a', 5: 'b' }, 2], undefined],
    ['one that is empty', [['a', ''], 2], undefined],
    ['none', [undefined, 2], undefined],
    ['no classes', [['a'], 0], undefined],
    // A list of as many could not even be made.
    ['fewer than there are classes', [['a'], 2 ** 40], undefined],
  ])('%s', (_what, [given, classes], names) => {
    expect(namesByIndex(given, classes)).toEqual(names);
  });
});

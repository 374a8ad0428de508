import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/errors.js';
import { parseLabels } from '../../src/index.js';

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
    ['torchvision, indices by name', '{"cock": 2, "shark": 1, "tench": 0}'],
  ])('%s', (_, text) => {
    expect(parseLabels(text, 3, 'file')).toEqual(['tench', 'shark', 'cock']);
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

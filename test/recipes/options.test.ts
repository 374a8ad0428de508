import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/index.js';
import { parseTask } from '../../recipes/scenes/options.js';

describe('what the recipe is asked to do', () => {
  test('has defaults', () => {
    expect(parseTask(['evaluate'])).toEqual({
      ...{ kind: 'evaluate', vendor: 'fluent', images: 1000, device: 'auto' },
    });
    expect(parseTask(['render', 'x.png', 'dog', 'cat', '--side', '96'])).toEqual({
      ...{ kind: 'render', file: 'x.png', classes: ['dog', 'cat'], seed: 1, side: 96 },
    });
  });

  test.each([
    [
      ['render', 'x.png', 'dog', '--side', 'abc'],
      "argument 'abc' is invalid. Give a whole number from 16 to 4096;",
    ],
    [
      ['render', 'x.png', 'dog', '--side', '1e9'],
      "argument '1e9' is invalid. Give a whole number from 16 to 4096;",
    ],
    [['render', 'x.png', 'dog', '--side', '5000'], "argument '5000' is invalid."],
    [
      ['render', 'x.png', 'dog', '--seed', '-1'],
      "argument '-1' is invalid. Give a whole number from 0 to 2147483647;",
    ],
    [['render', 'x.png'], "missing required argument 'classes'; "],
    [['evaluate', '--images', 'many'], "argument 'many' is invalid. Give a whole number from 1 to 1000000;"],
    [['evaluate', '--vendor', 'apple'], "argument 'apple' is invalid. Allowed choices are google, twitter,"],
    [['evaluate', '--device', 'gpu'], "argument 'gpu' is invalid. Allowed choices are auto, webgpu,"],
    [['evaluate', '--image', '20'], "unknown option '--image'; did you mean --images?"],
    [['draw'], "unknown command 'draw'; "],
    [[], 'Say what to do: evaluate or render;'],
  ])('%j is refused in a line', (words, message) => {
    const parse = (): unknown => parseTask(words);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^[^\n]*[.?]$/);
  });
});

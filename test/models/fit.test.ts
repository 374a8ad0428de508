import { describe, expect, test } from '@jest/globals';
import { WeightsError } from '../../src/errors.js';
import { collapse } from '../../src/models/checkpoint/collapse.js';
import { checkFit } from '../../src/models/checkpoint/fit.js';

type Shapes = readonly (readonly [name: string, ...shape: number[]])[];

const never = (): Promise<never> => Promise.reject(new Error('no number is needed to compare shapes'));

/** Compares what a model wants with what a file has, each as names and shapes. */
function fit(wanted: Shapes, found: Shapes): void {
  const tensors = new Map(
    found.map(([name, ...shape]) => [name, { dtype: 'F32', shape, read: never } as const]),
  );
  checkFit(
    wanted.map(([name, ...shape]) => [name, { shape }] as const),
    { source: 'test', tensors },
  );
}

/** The sentence before the lists. */
function summary(wanted: number, missing: number, misshapen: number, unknown: number): string {
  return (
    `"test" does not fit the model: of its ${wanted} tensors ${missing} are missing and ${misshapen} have another shape, ` +
    `and ${unknown} are there that it does not know; use the checkpoint that belongs to it.`
  );
}

/** That many tensors of blocks. */
function blocks(numbers: readonly number[], rest: string, ...shape: number[]): Shapes {
  return numbers.map((number) => [`blocks.${number}.${rest}`, ...shape] as const);
}

describe('a checkpoint that does not fit is refused with all that is wrong', () => {
  const model: Shapes = [['cls_token', 1, 1, 8], ['bias', 8], ...blocks([0, 1, 2], 'w', 8, 8)];

  test('but not one that fits, in whatever order', () => {
    expect(() => {
      fit(model, [...model].reverse());
    }).not.toThrow();
    expect(() => {
      fit([], []);
    }).not.toThrow();
  });

  test.each<[string, Shapes, Shapes, string[]]>([
    [
      'what is missing',
      model,
      model.slice(1),
      [summary(5, 1, 0, 0), '  it lacks 1:', '    cls_token [1, 1, 8]'],
    ],
    [
      'what is left over, and the model has nothing like it',
      model,
      [...model, ['head.weight', 10, 8], ['scale']],
      [
        summary(5, 0, 0, 2),
        '  it holds, unknown to the model, 2:',
        '    head.weight [10, 8]',
        '    scale []',
      ],
    ],
    [
      'what has another shape',
      model,
      [model[0], ['bias', 9], ...blocks([0, 1, 2], 'w', 8, 4)],
      [
        summary(5, 0, 4, 0),
        '  it holds with another shape 4:',
        '    bias [9], but the model needs [8]',
        '    blocks.0-2.w [8, 4], but the model needs [8, 8]',
      ],
    ],
    [
      'as much missing as is left over and has another shape',
      [['first', 2], ...model],
      [['bias', 1, 8], ...blocks([0, 1, 2], 'w', 8, 8), ['class', 1], ['other', 1, 2]],
      [
        summary(6, 2, 1, 2),
        '  it lacks 2:',
        '    first [2]',
        '    cls_token [1, 1, 8]',
        '  it holds, unknown to the model, 2:',
        '    class [1]',
        '    other [1, 2]',
        '  it holds with another shape 1:',
        '    bias [1, 8], but the model needs [8]',
      ],
    ],
    [
      // One too many and one too few: counts that are taken from each other would come to nothing.
      'one of each of two kinds',
      [['bias', 8]],
      [['weight_of_it', 8]],
      [
        summary(1, 1, 0, 1),
        '  it lacks 1:',
        '    bias [8]',
        '  it holds, unknown to the model, 1:',
        '    weight_of_it [8]',
      ],
    ],
    [
      'one missing and one of another shape',
      [
        ['cls_token', 1],
        ['bias', 8],
      ],
      [['bias', 9]],
      [
        summary(2, 1, 1, 0),
        '  it lacks 1:',
        '    cls_token [1]',
        '  it holds with another shape 1:',
        '    bias [9], but the model needs [8]',
      ],
    ],
    [
      'families as ranges, with the name that they may be meant for',
      blocks([0, 1, 2, 5], 'norm1.weight', 8),
      blocks([0, 1, 2, 5], 'nrm1.weight', 8),
      [
        summary(4, 4, 0, 4),
        '  it lacks 4:',
        '    blocks.0-2,5.norm1.weight [8]',
        '  it holds, unknown to the model, 4:',
        '    blocks.0-2,5.nrm1.weight [8]: is it blocks.0-2,5.norm1.weight?',
      ],
    ],
    [
      'names that would move the cursor, as what they are',
      [['\u001b[2J', 3]],
      [['"\n', 2]],
      [
        summary(1, 1, 0, 1),
        '  it lacks 1:',
        '    \\u001b[2J [3]',
        '  it holds, unknown to the model, 1:',
        '    \\"\\n [2]',
      ],
    ],
  ])('%s', (_what, wanted, found, lines) => {
    expect(() => {
      fit(wanted, found);
    }).toThrow(new WeightsError(lines.join('\n')));
  });
});

describe('of what is left over it is said what it may be meant for', () => {
  // A third of the letters may differ: two of six.
  test.each<[string, string, string[], string | undefined]>([
    ['as many letters as may differ', 'abcdef', ['abcdXY'], 'abcdXY'],
    ['one letter more', 'abcdef', ['abcXYZ'], undefined],
    ['two of five are too many', 'abcde', ['abcXY'], undefined],
    ['the nearest, where a farther one comes first', 'abcdef', ['abcdXY', 'abcdeX'], 'abcdeX'],
    ['the nearest, where a farther one comes last', 'abcdef', ['abcdeX', 'abcdXY'], 'abcdeX'],
    ['of equals the first', 'abcdef', ['abcdeX', 'abcdeY'], 'abcdeX'],
    ['nothing, where nothing is missing', 'abcdef', [], undefined],
  ])('%s', (_what, name, missing, nearest) => {
    const wanted = missing.map((text) => [text, 1] as const);
    const unknown = `    ${name} [1]${nearest === undefined ? '' : `: is it ${nearest}?`}`;
    expect(() => {
      fit(wanted, [[name, 1]]);
    }).toThrow(
      new RegExp(`^  it holds, unknown to the model, 1:\n${unknown.replace(/[[\]?]/g, '\\$&')}$`, 'm'),
    );
  });
});

describe('names that differ in the number of a block alone become one', () => {
  const namesOf = (names: readonly string[]): string[] =>
    collapse(names.map((name) => ({ name, detail: 'd' }))).map(({ name }) => name);

  test.each<[string, string[], string[]]>([
    ['neighbours', ['blocks.0.w', 'blocks.1.w'], ['blocks.0-1.w']],
    ['one alone', ['blocks.7.w'], ['blocks.7.w']],
    ['in whatever order, and by size', ['b.10.w', 'b.9.w', 'b.2.w', 'b.100.w'], ['b.2,9-10,100.w']],
    ['in several stretches', ['b.0.w', 'b.2.w', 'b.3.w', 'b.5.w', 'b.4.w'], ['b.0,2-5.w']],
    ['at the beginning of the name', ['0.weight', '1.weight', '12.weight'], ['0-1,12.weight']],
    ['between strokes', ['blocks/0/bias', 'blocks/1/bias'], ['blocks/0-1/bias']],
    ['behind a low line', ['encoderblock_3/mlp', 'encoderblock_4/mlp'], ['encoderblock_3-4/mlp']],
    ['of two numbers the first', ['s.0.b.1.w', 's.1.b.1.w', 's.1.b.2.w'], ['s.0-1.b.1.w', 's.1.b.2.w']],
    ['but not a number within a word', ['norm1.weight', 'norm2.weight'], ['norm1.weight', 'norm2.weight']],
    ['nor one behind such a word', ['conv2d.0.w', 'conv2d.1.w'], ['conv2d.0.w', 'conv2d.1.w']],
    ['nor one at the end', ['layer.0', 'layer.1'], ['layer.0', 'layer.1']],
    ['nor one that goes on as a word', ['b.0th.w', 'b.1th.w'], ['b.0th.w', 'b.1th.w']],
    ['nor in a name that has a line break', ['b.0.a\nb', 'b.1.a\nb'], ['b.0.a\nb', 'b.1.a\nb']],
    ['and others in between', ['b.0.w', 'cls', 'b.0.bias', 'b.1.w'], ['b.0-1.w', 'cls', 'b.0.bias']],
    ['none at all', [], []],
  ])('%s', (_what, names, expected) => {
    expect(namesOf(names)).toEqual(expected);
  });

  test('and only where the same is said of them', () => {
    const line = (name: string, detail: string) => ({ name, detail });
    expect(collapse([line('b.0.w', '[1]'), line('b.1.w', '[2]'), line('b.2.w', '[1]')])).toEqual([
      line('b.0,2.w', '[1]'),
      line('b.1.w', '[2]'),
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { guardOptions } from '../../src/cli/guarded-options.js';
import { UsageError } from '../../src/errors.js';

/** What a command with options of every sort makes of words. */
function parsed(...words: string[]): { options: unknown; args: unknown } {
  let found: { options: unknown; args: unknown } | undefined;
  const command = new Command()
    .argument('[pictures...]')
    .option('--image <path...>')
    .option('--method <names>', '', 'rollout')
    .option('--class <classes>')
    .option('--out <dir>', '', 'explanations')
    .option('--json')
    .action((args: unknown, options: unknown) => {
      found = { options, args };
    });
  guardOptions(command);
  command.parse(words, { from: 'user' });
  return found!;
}

describe('guarded options', () => {
  const defaults = { method: 'rollout', out: 'explanations' };

  test.each<[string, unknown, unknown]>([
    ['', defaults, []],
    ['a --out x b', { ...defaults, out: 'x' }, ['a', 'b']],
    ['--out x --json --out x', { ...defaults, out: 'x', json: true }, []],
    ['--image a b --json --image c', { ...defaults, image: ['a', 'b', 'c'], json: true }, []],
    ['--method a --class 1 --method b,c --class 2', { ...defaults, method: 'a,b,c', class: '1,2' }, []],
    ['--out ./--json -- --png -', { ...defaults, out: './--json' }, ['--png', '-']],
  ])('%j', (words, options, args) => {
    expect(parsed(...words.split(' ').filter(Boolean))).toEqual({ options, args });
  });

  test.each([
    ['--out x --out y', '--out is given twice, as "x" and as "y"; give it once.'],
    ['--out --json', '--out needs a value, but --json stands in its place; a file of that name is written ./--json.'],
    ['--out -h', '--out needs a value, but -h stands in its place; a file of that name is written ./-h.'],
    ['a -- --json', '--json stands behind "--", where nothing is an option; write options before it, and a file of that name ./--json.'],
  ])('%j is refused', (words, message) => {
    expect(() => parsed(...words.split(' '))).toThrow(new UsageError(message));
  }); // prettier-ignore

  test('one argument stays one', () => {
    let found: unknown;
    const command = new Command().argument('[text]').action((text: unknown) => {
      found = text;
    });
    guardOptions(command);
    command.parse(['dinov2'], { from: 'user' });
    expect(found).toBe('dinov2');
  });
});

import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionRows } from '../../src/cli/method-options.js';
import { methods, unknownExtent } from '../../src/index.js';
import { packageFolder } from '../cli/command.js';
import { flagOf } from '../../src/cli/method-options.js';

/** Lines of the README, tables as they would be with one space around each cell. */
const lines = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  .split('\n')
  .map((line) => (line.startsWith('|') ? rowOf(line.split(/(?<!\\)\|/).slice(1, -1)) : line));

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.trim()).join(' | ')} |`;
}

describe('the README', () => {
  test('has a row for each method, from the list', () => {
    const rows = methods.map(({ name, explains, options, source }) => {
      const flags = Object.keys(options(unknownExtent)).map((option) => `\`${flagOf(option)}\``);
      return rowOf([`\`${name}\``, explains, flags.join(', '), `[${source.cited}](${source.url})`]);
    });
    const first = lines.indexOf(rowOf(['method', 'explains', 'options', 'source']));
    expect(lines.slice(first + 2, first + 2 + rows.length + 1)).toEqual([...rows, '']);
  });

  test('has a row for each option of a method, from their schemas', () => {
    const rows = optionRows().map(({ usage, help, fallback }) => {
      return rowOf([`\`${usage.replaceAll('|', '\\|')}\``, help, fallback]);
    });
    const first = lines.indexOf(rowOf(['option of methods', 'meaning', 'default']));
    expect(lines.slice(first + 2, first + 2 + rows.length + 1)).toEqual([...rows, '']);
  });

  test('is no longer than a person reads', () => {
    expect(lines.length).toBeLessThanOrEqual(200);
  });
});

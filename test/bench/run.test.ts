import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../bench/options.js';
import { run } from '../../bench/run.js';
import { UsageError } from '../../src/index.js';

const printed = jest.fn();
const { log } = console;
beforeEach(() => {
  printed.mockClear();
  console.log = printed;
});
afterEach(() => {
  console.log = log;
});

describe('before anything is measured', () => {
  const small = [
    '--kernel',
    'add',
    '--shape',
    '2x2',
    '--device',
    'reference',
    '--runs',
    '1',
    '--warmup',
    '0',
  ];
  const nowhere = join(tmpdir(), 'vitrine-no-such-folder', 'report.json');

  test.each([
    ['--json', small, `Cannot write ${nowhere}: its folder does not exist;`],
    ['--timeline', [], `Cannot write ${nowhere}: its folder does not exist;`],
    ['--compare', small, nowhere],
  ])('a file for %s that cannot be had is refused', async (option, others, message) => {
    const measuring = run(parseOptions([...others, option, nowhere])!);
    await expect(measuring).rejects.toThrow(UsageError);
    await expect(measuring).rejects.toThrow(message);
    expect(printed).not.toHaveBeenCalled();
  });
});

import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('a process opens and destroys many backends, survives their collection, and ends', async () => {
  const script = fileURLToPath(new URL('../support/open-and-collect.js', import.meta.url));
  // Dawn crashes or hangs if it is collected before its last events are processed.
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script], {
    timeout: 60_000,
  });
  expect(stdout).toBe('all collected\n');
});

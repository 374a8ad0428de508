import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder, run } from '../cli/command.js';

test("the README's tables of methods and options are those of the list", async () => {
  const script = join('docs', 'update-tables.js');
  const outcome = await run(process.execPath, [script, '--check'], { cwd: packageFolder });
  expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('the README is no longer than a person reads', () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
  expect(readme.split('\n').length).toBeLessThanOrEqual(200);
});

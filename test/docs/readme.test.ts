import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder, run } from '../cli/command.js';

test('what the README and the page of methods say of them is what they say of themselves', async () => {
  const script = join('docs', 'update-tables.js');
  const outcome = await run(process.execPath, [script, '--check'], { cwd: packageFolder });
  expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('the published schema is that of the documents', async () => {
  const script = join('docs', 'write-schema.js');
  const outcome = await run(process.execPath, [script, '--check'], { cwd: packageFolder });
  expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('the README is no longer than a person reads', () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
  expect(readme.split('\n').length).toBeLessThanOrEqual(200);
});

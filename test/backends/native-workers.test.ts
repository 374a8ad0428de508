import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { packageFolder, run } from '../cli/command.js';

const script = fileURLToPath(new URL('../support/native-workers.js', import.meta.url));

/** What the script prints. It must come to its own end: a crash of the addon takes the process with it. */
async function outcomeOf(...args: readonly string[]): Promise<unknown> {
  const outcome = await run(process.execPath, ['--expose-gc', script, ...args], { cwd: packageFolder });
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(outcome.stdout);
}

describe('the native backend in worker threads of node', () => {
  test('three at once with the main thread: equal results', async () => {
    expect(await outcomeOf('equal', '3')).toEqual({ results: 16, different: 1 });
  });

  test('ended in the middle of a run, they leave the process alive and no thread behind', async () => {
    const [once, often] = [await outcomeOf('terminate', '1'), await outcomeOf('terminate', '10')];
    expect(often).toMatchObject({ results: 4 });
    expect(often).toEqual(once);
  });

  test('results outlive them, and they may end without closing anything', async () => {
    const [once, often] = [await outcomeOf('outlive', '1'), await outcomeOf('outlive', '6')];
    expect(often).toEqual(once);
  });
});

describe('a process', () => {
  test('that opens and destroys many backends, each in the middle of a run, keeps none of their threads', async () => {
    const [once, often] = [await outcomeOf('reopen', '1'), await outcomeOf('reopen', '25')];
    expect(often).toEqual({ ...(once as object), results: 25 });
  });

  test('may leave in the middle of a run', async () => {
    for (let round = 0; round < 3; round++) {
      const left = await run(process.execPath, [script, 'exit', '7'], { cwd: packageFolder });
      expect(left).toEqual({ status: 7, stdout: '', stderr: '' });
    }
    const thrown = await run(process.execPath, [script, 'throw'], { cwd: packageFolder });
    expect(thrown).toMatchObject({ status: 1, stdout: '' });
    expect(thrown.stderr).toContain('Error: on purpose');
  });
});

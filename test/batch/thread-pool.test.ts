import { expect, test } from '@jest/globals';
import { widenThreadPool } from '../../src/cli/batch/thread-pool.js';

test.each([
  [{}, 16, '32'],
  [{}, 1, '4'],
  [{ VITRINE_THREADS: '9' }, undefined, '18'],
  [{ UV_THREADPOOL_SIZE: '5' }, 16, '5'],
])('with %j, %j threads have a pool of %s', (given, threads, size) => {
  const before = process.env['VITRINE_THREADS'];
  const env: NodeJS.ProcessEnv = { ...given };
  if (env['VITRINE_THREADS'] !== undefined) process.env['VITRINE_THREADS'] = env['VITRINE_THREADS'];
  try {
    widenThreadPool(threads, env);
    expect(env['UV_THREADPOOL_SIZE']).toBe(size);
  } finally {
    if (before === undefined) delete process.env['VITRINE_THREADS'];
    else process.env['VITRINE_THREADS'] = before;
  }
});

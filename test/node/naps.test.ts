import { expect, jest, test } from '@jest/globals';
import { compile, constant, matmul } from '../../src/index.js';
import { withNaps } from '../../src/node/devices/naps.js';
import { useBackends } from '../support/backends.js';

const backends = useBackends();

const after = (milliseconds: number): Promise<string> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds, 'news'));

/** Turns of the event loop while something is waited for. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, over] = [0, false];
  const turn = (): void => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work;
  over = true;
  return turns;
}

test('a wait with naps takes few turns of the event loop, also for several promises at once', async () => {
  // 2 ms a turn after the first 100 ms, which a fiftieth more a turn reaches in some 400.
  expect(await turnsDuring(withNaps(after(300)))).toBeLessThan(1000);
  const several = [after(100), after(200), after(300)].map((work) => withNaps(work));
  expect(await turnsDuring(Promise.all(several))).toBeLessThan(1000);
});

test('naps end with what they wait for', async () => {
  await withNaps(after(20));
  await withNaps(Promise.resolve());
  expect(await turnsDuring(after(300))).toBeGreaterThan(1000);
});

test('a wait with naps gives the result or the failure', async () => {
  expect(await withNaps(after(1))).toBe('news');
  await expect(withNaps(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
});

test('the thread naps while an adapter computes', async () => {
  const large = constant(new Float32Array(512 * 512), [512, 512]);
  const program = await compile({ product: matmul(large, large) }, backends.webgpu);
  const wait = jest.spyOn(Atomics, 'wait');
  try {
    await program.run();
    expect(wait).toHaveBeenCalled();
  } finally {
    wait.mockRestore();
    program.dispose();
  }
});

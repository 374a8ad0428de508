import { threadsToUse } from '../../node/devices/threads.js';

/** Node's own number. */
const USUAL = 4;

/**
 * Node shares a few threads among all that a process does outside JavaScript, and begins them with the first of it: too few where
 * each core has a run of its own, and pictures are decoded and files read meanwhile. What a person chose stays.
 * @param threads of the batch; as many as there are cores if left out
 */
export function widenThreadPool(threads: number | undefined, env = process.env): void {
  env['UV_THREADPOOL_SIZE'] ??= String(Math.max(USUAL, 2 * (threads ?? threadsToUse())));
}

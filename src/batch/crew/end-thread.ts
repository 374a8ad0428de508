import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

/** Milliseconds in which a thread ends, but for one that is in code of a library, which nothing can stop. */
const PATIENCE = 5000;

/** Ends a thread, or leaves it alone if it does not come to its end. */
export async function endThread(worker: Worker): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    worker.terminate(),
    setTimeout(PATIENCE, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  // Only now: ending one holds the process until it is done.
  worker.unref();
}

const busy = new Set<Worker>();

/** Notes whether a thread has something to do, which may be in code of a library. */
export function noteBusy(worker: Worker, isBusy: boolean): void {
  if (isBusy) busy.add(worker);
  else busy.delete(worker);
}

/** Whether threads have something to do, and be it that they were given up: Node waits for them when the process exits. */
export function areThreadsBusy(): boolean {
  return busy.size > 0;
}

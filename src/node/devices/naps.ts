/** The longest nap, and how long a nap is as a share of what was waited before it. */
const LONGEST_MILLISECONDS = 2;
const SHARE = 1 / 50;

const cell = new Int32Array(new SharedArrayBuffer(4));

/** When the last of the promises that are waited for now was given, and how many there are. */
let since = 0;
let waiting = 0;
/** Whether a turn with a nap is to come. */
let scheduled = false;

/**
 * Waits for a promise of Dawn's. As long as one is open, Dawn's binding for Node asks for news in every turn of the event
 * loop, and allocates each time: that keeps a core and the garbage collector busy, which an adapter on the CPU needs itself.
 * Here the thread naps once a turn, the longer the more it has waited already, so that news is late by a fiftieth of the
 * wait, and never by more than the longest nap. Other callbacks have their turn between naps.
 */
export async function withNaps<T>(promise: Promise<T>): Promise<T> {
  since = performance.now();
  waiting++;
  schedule();
  try {
    return await promise;
  } finally {
    waiting--;
  }
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(nap);
}

function nap(): void {
  scheduled = false;
  if (waiting === 0) return;
  const waited = performance.now() - since;
  Atomics.wait(cell, 0, 0, Math.min(LONGEST_MILLISECONDS, SHARE * waited));
  schedule();
}

import type { Finish } from '../explain/index.js';
import type { Values } from '../tensor/index.js';

/** Milliseconds that the host works before it looks up. */
const stretch = 20;

/**
 * Lets the host finish a map, and give way now and then: to whoever waits for a key, or calls it off.
 * @throws the reason of an aborted signal
 */
export async function finished(work: ReturnType<Finish>, signal: AbortSignal | undefined): Promise<Values> {
  let last = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - last < stretch) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    last = performance.now();
  }
}

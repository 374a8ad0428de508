import { aFunction, optional } from '../given.js';

/** How far something is that takes a while. */
export interface Progress {
  readonly stage: 'plan' | 'weights' | 'compile' | 'explain';
  /** Of `explain`, pictures; else 0 or 1 of 1. */
  readonly done: number;
  readonly total: number;
}

/** For whoever waits: to be told, and to call it off. */
export interface Watch {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborted, the work stops as soon as it can and is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What may be given of it. */
export const watchParts = {
  onProgress: optional(aFunction),
  signal: optional<AbortSignal>({
    words: 'an AbortSignal',
    fits: (value): value is AbortSignal =>
      aFunction.fits((Object(value) as Partial<AbortSignal>).throwIfAborted),
  }),
};

/** Work's result, unless it is called off before it is there: a device cannot be stopped, but nobody need wait for it. */
export async function unlessAborted<T>(begin: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return begin();
  signal.throwIfAborted();
  const work = begin();
  // If it fails when nobody waits any more, nobody need hear of it.
  work.catch(() => undefined);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

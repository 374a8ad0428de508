import engineAddress from '../engine/worker.ts?worker&url';
import type { CallName, Calls, FromWorker, Progress, ToWorker } from '../protocol.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** What the worker is given for good, and the page has no more. */
  readonly transfer?: readonly Transferable[];
}

/** What the worker says of a failure: a sentence. */
export class CallError extends Error {}

interface Waiting {
  readonly resolve: (back: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/**
 * A worker takes its policy from the headers it came with, and a static host sends none; one that begins in a blob takes the
 * page's. So it begins there, with nothing but the import of what it is.
 */
function startUnderPolicy(address: string): Worker {
  const code = `import ${JSON.stringify(new URL(address, import.meta.url).href)};`;
  const blob = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  return new Worker(blob, { type: 'module' });
}

/** The engine, which works beside the page. */
class EngineWorker {
  readonly #waiting = new Map<number, Waiting>();
  readonly #worker = startUnderPolicy(engineAddress);
  #calls = 0;
  /** Why it answers no more. */
  #failure: CallError | undefined;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      this.#hear(data);
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      const message = `The engine cannot go on (${event.message || 'it could not be started'}); load the page again.`;
      this.#failure = new CallError(message);
      for (const { reject } of this.#waiting.values()) reject(this.#failure);
      this.#waiting.clear();
    });
  }

  /** @throws CallError that says what went wrong; the signal's reason as soon as it is aborted */
  call<Name extends CallName>(
    name: Name,
    given: Calls[Name]['given'],
    { signal, onProgress, transfer = [] }: CallOptions = {},
  ): Promise<Calls[Name]['back']> {
    const id = this.#calls++;
    return new Promise<Calls[Name]['back']>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#failure) throw this.#failure;
      signal?.addEventListener('abort', () => {
        this.#tell({ kind: 'cancel', id });
        // Nobody need wait for the end of what is under way.
        if (this.#waiting.delete(id)) reject(signal.reason as Error);
      });
      this.#waiting.set(id, { resolve: resolve as (back: unknown) => void, reject, onProgress });
      this.#tell({ kind: 'call', id, name, given }, transfer);
    });
  }

  #tell(message: ToWorker, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }

  #hear(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    if (message.kind === 'progress') {
      waiting?.onProgress?.(message.progress);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'done') waiting?.resolve(message.back);
    else waiting?.reject(new CallError(message.message));
  }
}

export const engine = new EngineWorker();

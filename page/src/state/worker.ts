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

/** The engine, which works beside the page. */
class EngineWorker {
  readonly #waiting = new Map<number, Waiting>();
  readonly #worker = new Worker(new URL('../engine/worker.ts', import.meta.url), { type: 'module' });
  #calls = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      this.#hear(data);
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      const message = `The engine cannot go on (${event.message || 'it could not be started'}); load the page again.`;
      for (const { reject } of this.#waiting.values()) reject(new CallError(message));
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

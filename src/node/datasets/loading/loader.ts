import { Worker } from 'node:worker_threads';
import { DataError } from '../../../errors.js';
import type { Batch } from '../../../train/index.js';
import { packageFile } from '../../package-files.js';
import type { Answer, Description, Failure, Order } from './messages.js';
import type { DataRequest } from './source.js';

/** Batches for each thread that are made or wait while one is used: one is made, one is ready. */
const AHEAD = 2;

/** A batch that was ordered. */
interface Ordered {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Makes batches in threads of their own, ahead of whoever uses them. Each is made by one thread as a whole, and of its numbers alone,
 * so that how many threads there are decides nothing but how fast it goes.
 */
export class DataLoader {
  /** Of pictures that were left out, by their names. */
  readonly damaged = new Map<string, string>();
  readonly #waiting = new Map<number, Ordered>();
  #next = 0;
  #failure: Error | undefined;

  private constructor(
    readonly description: Description,
    private readonly threads: readonly Worker[],
    private readonly told: (name: string, why: string) => void,
  ) {
    for (const thread of threads) {
      thread.on('message', (answer: Answer) => {
        this.#hear(answer);
      });
      thread.on('error', (error) => {
        this.#fail(error);
      });
    }
  }

  /**
   * Opens a set in each of several threads.
   * @param told hears of each picture that is damaged, once
   * @throws DataError if it cannot be opened
   */
  static async open(
    request: DataRequest,
    threads: number,
    told: (name: string, why: string) => void,
  ): Promise<DataLoader> {
    const workers = Array.from(
      { length: threads },
      () =>
        new Worker(packageFile('dist/node/datasets/loading/thread.js'), {
          workerData: request,
          execArgv: [],
        }),
    );
    try {
      const [description] = await Promise.all(workers.map(opened));
      return new DataLoader(description, workers, told);
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    }
  }

  /**
   * Batches of a part from one picture on, in their order, the next ones while one is used.
   * @param first number of the first picture
   * @param count pictures of each
   * @param end number of the picture before which the last batch begins
   */
  async *batches(
    part: Order['part'],
    first: number,
    count: number,
    end = Infinity,
  ): AsyncGenerator<Batch, void> {
    const ready: Promise<Batch>[] = [];
    let next = first;
    for (;;) {
      for (; ready.length < AHEAD * this.threads.length && next < end; next += count) {
        const ordered = this.#order({ part, first: next, count });
        // Whoever awaits it hears of a failure.
        ordered.catch(() => undefined);
        ready.push(ordered);
      }
      const batch = ready.shift();
      if (!batch) return;
      yield await batch;
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      this.threads.map(
        (thread) =>
          new Promise<void>((resolve) => {
            thread.once('exit', () => {
              resolve();
            });
            if (thread.threadId < 0) resolve();
            else thread.postMessage(undefined);
          }),
      ),
    );
  }

  #order(about: Omit<Order, 'id'>): Promise<Batch> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.threads[id % this.threads.length].postMessage({ id, ...about } satisfies Order);
    });
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'batch') {
      this.#waiting.get(answer.id)!.resolve(answer.batch);
      this.#waiting.delete(answer.id);
    } else if (answer.kind === 'damaged') {
      if (!this.damaged.has(answer.name)) this.told(answer.name, answer.why);
      this.damaged.set(answer.name, answer.why);
    } else if (answer.kind === 'failure') this.#fail(errorOf(answer.failure));
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** What a thread finds. */
function opened(worker: Worker): Promise<Description> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: Answer) => {
      if (answer.kind === 'open') resolve(answer.description);
      else if (answer.kind === 'failure') reject(errorOf(answer.failure));
    });
  });
}

function errorOf({ known, message }: Failure): Error {
  return known ? new DataError(message) : new Error(message);
}

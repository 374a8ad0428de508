import { Worker } from 'node:worker_threads';
import { DeviceError, ImageError, UsageError, VitrineError } from '../../errors.js';
import { packageFile } from '../../node/package-files.js';

/** What a thread answers. */
export type Answer<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly refusal: { readonly name: string; readonly message: string } }
  | { readonly id: number; readonly error: unknown };

/** A task with a number that its answer bears. */
export interface Order<Task> {
  readonly id: number;
  readonly task: Task;
}

/** MiB for what is short-lived: what threads make much of is numbers, which lie elsewhere, and the usual 48 of each add up. */
const YOUNG = 8;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

const kinds: Readonly<Record<string, new (message: string) => VitrineError>> = {
  ImageError,
  UsageError,
  DeviceError,
};

/** A thread of this process that carries out tasks of one kind. It is begun with the first, and again should it end. */
export class CrewThread<Task, Result> {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  /**
   * @param module of this folder, without ending: it is run from the built package, where it is bundled
   * @param data what the thread is told at its start
   */
  constructor(
    private readonly module: string,
    private readonly data: unknown,
  ) {}

  /** How many tasks it has. */
  get load(): number {
    return this.#waiting.size;
  }

  /** @throws VitrineError what the thread refuses */
  ask(task: Task, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    const worker = (this.#worker ??= this.#started());
    const id = this.#next++;
    return new Promise<Result>((resolve, reject) => {
      if (this.#waiting.size === 0) worker.ref();
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies Order<Task>, [...transfer]);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    const { module, data: workerData } = this;
    const worker = new Worker(packageFile(`dist/bin/${module}.cjs`), {
      workerData,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    });
    worker.on('message', (answer: Answer<Result>) => {
      this.#hear(answer);
    });
    worker.on('error', (error) => {
      this.#fail(worker, error);
    });
    worker.on('exit', () => {
      this.#fail(worker, new Error('the thread that worked on it has ended'));
    });
    return worker;
  }

  #hear(answer: Answer<Result>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    // An idle thread does not keep the process.
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ('result' in answer) waiting?.resolve(answer.result as never);
    else if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.reject(refusalOf(answer.refusal));
  }

  /** What it was working on is lost; the next task begins a new thread. */
  #fail(worker: Worker, error: unknown): void {
    // One that has failed ends later, when another may have its place.
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function refusalOf({ name, message }: { name: string; message: string }): VitrineError {
  const Kind = Object.hasOwn(kinds, name) ? kinds[name] : VitrineError;
  return new Kind(message);
}

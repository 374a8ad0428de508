import { DeviceError, ImageError, UsageError, VitrineError } from '../../errors.js';
import { MemoryError } from '../../node/pictures/refusals.js';

/** What is answered to an order. */
export type Answer<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly refusal: { readonly name: string; readonly message: string } }
  | { readonly id: number; readonly error: unknown };

/** A task with a number that its answer bears. */
export interface Order<Task> {
  readonly id: number;
  readonly task: Task;
}

/** Where tasks are carried out: a thread of this process, or a process of its own. */
export interface Workplace {
  /** @param transfer memory that goes over, where that is possible */
  readonly post: (order: Order<unknown>, transfer: readonly ArrayBuffer[]) => void;
  /** Whether it keeps this process from its end. */
  readonly hold: (isHeld: boolean) => void;
  readonly end: () => Promise<unknown>;
}

/** Begins one, and tells of its answers and of its end. */
export type Begin = (hear: (answer: Answer<unknown>) => void, fail: (error: unknown) => void) => Workplace;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

const kinds: Readonly<Record<string, new (message: string) => VitrineError>> = {
  ImageError,
  MemoryError,
  UsageError,
  DeviceError,
};

/** Whoever carries out tasks of one kind. Its workplace is begun with the first, and again should it end. */
export class CrewMember<Task, Result> {
  #place: Workplace | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  /**
   * @param patience milliseconds after which a task without an answer is taken for an endless one, and the workplace is given up
   * @param afterwards what is begun in place of one that was given up
   */
  constructor(
    private begin: Begin,
    private readonly patience?: number,
    private readonly afterwards = begin,
  ) {}

  /** How many tasks it has. */
  get load(): number {
    return this.#waiting.size;
  }

  /**
   * @throws VitrineError what is refused; another error, if the workplace came to its end meanwhile: another task of it may have been
   *   the reason
   */
  ask(task: Task, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    const place = (this.#place ??= this.#begun());
    const id = this.#next++;
    return new Promise<Result>((resolve, reject) => {
      if (this.#waiting.size === 0) place.hold(true);
      this.#waiting.set(id, { resolve, reject, timer: this.#timerOf(place) });
      place.post({ id, task }, transfer);
    });
  }

  async stop(): Promise<void> {
    await this.#place?.end();
  }

  #begun(): Workplace {
    const place = this.begin(
      (answer) => {
        this.#hear(answer as Answer<Result>);
      },
      (error) => {
        this.#fail(place, error);
      },
    );
    return place;
  }

  #timerOf(place: Workplace): NodeJS.Timeout | undefined {
    const { patience } = this;
    if (patience === undefined) return undefined;
    return setTimeout(() => {
      this.#fail(place, new Error(`it did not come to an end within ${patience / 1000} seconds`));
      this.begin = this.afterwards;
      void place.end();
    }, patience);
  }

  #hear(answer: Answer<Result>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    clearTimeout(waiting?.timer);
    // Who is idle does not keep the process.
    if (this.#waiting.size === 0) this.#place?.hold(false);
    if ('result' in answer) waiting?.resolve(answer.result as never);
    else if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.reject(refusalOf(answer.refusal));
  }

  /** What it was working on is lost; the next task begins a new workplace. */
  #fail(place: Workplace, error: unknown): void {
    // One that has failed ends later, when another may have its place.
    if (this.#place !== place) return;
    this.#place = undefined;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}

function refusalOf({ name, message }: { name: string; message: string }): VitrineError {
  const Kind = Object.hasOwn(kinds, name) ? kinds[name] : VitrineError;
  return new Kind(message);
}

/** Why something stopped: a person, or whoever ends processes, asked for it. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  /** @param status to exit with, as shells have it: 128 and the signal's number */
  constructor(readonly status: number) {
    super('interrupted');
  }
}

const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ctrl-C: what is under way is asked to stop; a second one ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener = (name: keyof typeof statuses): void => {
    if (this.signal.aborted) process.exit(statuses[name]);
    if (this.notice !== undefined) console.error(`\nvitrine: ${this.notice}`);
    this.#controller.abort(new Interrupted(statuses[name]));
  };

  /** @param notice what is said to the person at the first Ctrl-C; nothing if left out */
  constructor(private readonly notice?: string) {
    process.on('SIGINT', this.#listener).on('SIGTERM', this.#listener);
  }

  /** Its reason is an `Interrupted`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    process.off('SIGINT', this.#listener).off('SIGTERM', this.#listener);
  }
}

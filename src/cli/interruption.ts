/** Exit status after Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;

/** Ctrl-C: what is under way is asked to stop; a second one ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener = (): void => {
    if (this.signal.aborted) process.exit(INTERRUPTED);
    if (this.notice !== '') console.error(`\nvitrine: ${this.notice}`);
    this.#controller.abort();
  };

  /** @param notice what is said to the person at the first Ctrl-C; nothing if left out */
  constructor(private readonly notice = '') {
    process.on('SIGINT', this.#listener).on('SIGTERM', this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    process.off('SIGINT', this.#listener).off('SIGTERM', this.#listener);
  }
}

import { setMaxListeners } from 'node:events';

/** Why something stopped: a person, or whoever ends processes, asked for it. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  /** @param status to exit with, as shells have it: 128 and the signal's number */
  constructor(readonly status: number) {
    super('interrupted');
  }
}

/** What asks to stop: a closed terminal, Ctrl-C, and whoever ends processes. */
const statuses = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type SignalName = keyof typeof statuses;
const names = Object.keys(statuses) as SignalName[];

/** Milliseconds in which signals are one wish: npm passes on a Ctrl-C that the terminal has sent to all, too. */
const ONE_WISH = 1000;

/**
 * A signal asks what is under way to stop. A second Ctrl-C ends the process at once; other signals do not, because those who
 * send them, such as a terminal that is closed, may send several.
 */
export class Interruption {
  readonly #controller = new AbortController();
  #impatient = false;
  readonly #listener = (name: SignalName): void => {
    if (!this.signal.aborted) this.#stopSoon(name);
    else if (name === 'SIGINT' && this.#impatient) process.exit(statuses.SIGINT);
  };

  /** @param notice what is said to the person at the first signal; nothing if left out */
  constructor(private readonly notice?: string) {
    // Everything that is under way listens, which is more than the ten that Node takes for a leak.
    setMaxListeners(0, this.signal);
    for (const name of names) process.on(name, this.#listener);
  }

  /** Its reason is an `Interrupted`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    for (const name of names) process.off(name, this.#listener);
  }

  #stopSoon(name: SignalName): void {
    if (this.notice !== undefined) console.error(`\nvitrine: ${this.notice}`);
    this.#controller.abort(new Interrupted(statuses[name]));
    // Once more around the loop: a signal that arrived in time may have waited behind work that did not let it in.
    const passed = (): void => {
      setImmediate(() => (this.#impatient = true)).unref();
    };
    setTimeout(passed, ONE_WISH).unref();
  }
}

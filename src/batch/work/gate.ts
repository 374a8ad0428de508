/** Lets so many in at a time; the others wait for their turn. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(private readonly most: () => number) {}

  async enter(): Promise<void> {
    if (this.#inside >= this.most()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside++;
  }

  /** Whoever waits takes the place. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
  }
}

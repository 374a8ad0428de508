/** What costs much to make and memory to keep: the few that were used last. */
export class Recent<Made extends { dispose(): void }> {
  readonly #made = new Map<string, Promise<Made>>();

  constructor(private readonly most: number) {}

  /** The one of that name, made if it is not there. A failure is not kept. */
  get(key: string, make: () => Promise<Made>): Promise<Made> {
    const known = this.#made.get(key);
    if (known) {
      this.#made.delete(key);
      this.#made.set(key, known);
      return known;
    }
    const made = make();
    this.#made.set(key, made);
    made.catch(() => {
      if (this.#made.get(key) === made) this.#made.delete(key);
    });
    for (const oldest of [...this.#made.keys()].slice(0, -this.most)) this.#drop(oldest);
    return made;
  }

  clear(): void {
    for (const key of [...this.#made.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    const made = this.#made.get(key);
    this.#made.delete(key);
    // What was never made holds nothing.
    made?.then(
      (one) => {
        one.dispose();
      },
      () => undefined,
    );
  }
}

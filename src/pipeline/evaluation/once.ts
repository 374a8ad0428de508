/** What takes a while to make and is made once, when it is first asked for. */
export class Once<Value> {
  readonly #known = new Map<string, Promise<Value>>();

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const found = this.#known.get(key) ?? make();
    this.#known.set(key, found);
    return found;
  }

  /** Those that could be made: whoever asked for another has been told why not. */
  async all(): Promise<readonly Value[]> {
    const settled = await Promise.allSettled(this.#known.values());
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }
}

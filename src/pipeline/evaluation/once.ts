/** What takes a while to make and is made once, when it is first asked for. */
export class Once<Value> {
  readonly #known = new Map<string, Promise<Value>>();

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const found = this.#known.get(key) ?? make();
    this.#known.set(key, found);
    return found;
  }

  all(): Promise<readonly Value[]> {
    return Promise.all(this.#known.values());
  }
}

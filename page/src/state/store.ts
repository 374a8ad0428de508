import { useEffect, useState } from 'preact/hooks';

/** All that the page knows, in one place: who changes it says what, who shows a part of it is told. */
export class Store<State extends object> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  get now(): State {
    return this.#state;
  }

  set(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of [...this.#listeners]) listener();
  }

  /** @returns what ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A part of a store, for a component that is drawn anew when that part is another one. */
export function usePart<State extends object, Part>(store: Store<State>, part: (state: State) => Part): Part {
  const current = part(store.now);
  const [, redraw] = useState<Part>(current);
  useEffect(() => {
    // It may have changed between drawing and listening.
    redraw(() => part(store.now));
    return store.listen(() => {
      redraw(() => part(store.now));
    });
    // The part that is looked at stays the same for as long as the component is there.
  }, [store]);
  return current;
}

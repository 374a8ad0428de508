import type { Storage } from '../tensor/index.js';

/**
 * A backend's copies of constants: one each, made when its first user asks and shared by all programs, so that an update
 * made by one is seen by the others, until the last user is gone.
 */
export class SharedConstants<Copy> {
  readonly #held = new Map<Storage, { readonly copy: Copy; users: number }>();

  /**
   * @param make takes a copy of a constant's numbers
   * @param free lets go of one
   */
  constructor(
    private readonly make: (storage: Storage) => Copy,
    private readonly free: (copy: Copy, storage: Storage) => void = () => undefined,
  ) {}

  /** The copy, with one user more. */
  acquire(storage: Storage): Copy {
    let known = this.#held.get(storage);
    if (!known) {
      known = { copy: this.make(storage), users: 0 };
      this.#held.set(storage, known);
    }
    known.users++;
    return known.copy;
  }

  /** Each of them has one user less; the last user's release frees the copy, and what updates made of it is forgotten. */
  release(storages: Iterable<Storage>): void {
    for (const storage of storages) {
      const known = this.#held.get(storage);
      if (!known || --known.users > 0) continue;
      this.#held.delete(storage);
      this.free(known.copy, storage);
    }
  }

  /** Frees all copies, whoever uses them. */
  clear(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const [storage, { copy }] of held) this.free(copy, storage);
  }
}

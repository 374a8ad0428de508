import { readAhead } from '../read-ahead.js';
import type { Storage, Values } from '../tensor/index.js';
import { Turns } from './turns.js';

/**
 * A backend's copies of constants: one each, made when its first user asks and shared by all programs, so that an update
 * made by one is seen by the others, until the last user is gone.
 */
export class SharedConstants<Copy> {
  readonly #held = new Map<Storage, { readonly copy: Copy; users: number }>();
  readonly #turns = new Turns();

  /**
   * @param make memory for a copy of a constant
   * @param free lets go of it
   */
  constructor(
    private readonly make: (storage: Storage) => Copy,
    private readonly free: (copy: Copy, storage: Storage) => void = () => undefined,
  ) {}

  /**
   * The copies of constants, each with one user more. One call waits for the one before it, so that no copy is shared before it
   * has its numbers.
   * @param fill gives the copies their numbers; `made` are those that were not there before
   * @returns what `fill` does; if that is rejected, the copies have the users that they had
   */
  acquire<Result>(
    storages: readonly Storage[],
    fill: (copies: readonly Copy[], made: ReadonlyMap<Storage, Copy>) => Promise<Result>,
  ): Promise<Result> {
    return this.#turns.take(async () => {
      const made = new Map<Storage, Copy>();
      const acquired: Storage[] = [];
      try {
        const copies = storages.map((storage) => {
          const copy = this.#use(storage, made);
          acquired.push(storage);
          return copy;
        });
        return await fill(copies, made);
      } catch (error) {
        this.release(acquired);
        throw error;
      }
    });
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

  #use(storage: Storage, made: Map<Storage, Copy>): Copy {
    let known = this.#held.get(storage);
    if (!known) {
      known = { copy: this.make(storage), users: 0 };
      this.#held.set(storage, known);
      made.set(storage, known.copy);
    }
    known.users++;
    return known.copy;
  }
}

/**
 * The numbers of constants, in groups, each in memory only while it is used: the next are read meanwhile. What is in memory
 * anyway takes no more of it, and comes with whatever is read first.
 */
export function numbersOf(
  storages: Iterable<Storage>,
): AsyncIterable<readonly (readonly [storage: Storage, values: Values])[]> {
  return readAhead([...storages], {
    read: (storage) => storage.read(),
    bytesOf: (storage) => (storage.values ? 0 : 4 * storage.size),
    groupBytes: 2 ** 22,
    groupsAhead: 2,
  });
}

import { parseJson } from '../../json.js';
import type { Item } from '../inputs/item.js';
import type { Shard } from '../plan.js';
import type { Shelf } from './shelf.js';

const FOLDER = 'under-way';

/** Pictures that are named ahead in one go: a file for each would take longer than it is worth. */
const AHEAD = 256;

/**
 * Names the pictures that a process may be working on, beside its results. Of one that comes to an unforeseen end these names stay, so
 * that the next knows at which pictures that may have been.
 */
export class UnderWay {
  readonly #running = new Set<string>();
  #named: ReadonlySet<string> = new Set();
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly shelf: Shelf,
    private readonly shard: Shard | undefined,
    private readonly items: readonly Item[],
    /** What others left. */
    private readonly left: ReadonlySet<string>,
  ) {}

  /**
   * @param items in the order in which they will be worked on
   * @throws UsageError if the folder cannot be read
   */
  static async open(shelf: Shelf, shard: Shard | undefined, items: readonly Item[]): Promise<UnderWay> {
    const files = await shelf.list(FOLDER);
    const left = await Promise.all(files.map(async (name) => namesIn(await shelf.read(name))));
    return new UnderWay(shelf, shard, items, new Set(left.flat()));
  }

  /** Whether a process may have come to its end at it. */
  isSuspect({ name }: Item): boolean {
    return this.left.has(name);
  }

  /** Before it is worked on. @throws UsageError if that cannot be written */
  async enter(item: Item): Promise<void> {
    this.#running.add(item.name);
    if (!this.#named.has(item.name)) this.#name(item);
    await this.#writing;
  }

  /** When it is done. */
  leave({ name }: Item): void {
    this.#running.delete(name);
  }

  /** When nothing is worked on any more. What cannot be removed makes the next process careful, and that is all. */
  async close(): Promise<void> {
    // Who works on all pictures knows that what is left of shards is past.
    await this.shelf.remove(this.shard ? this.#file : FOLDER).catch(() => undefined);
  }

  get #file(): string {
    return `${FOLDER}/${this.shard ? `${this.shard.number}-of-${this.shard.of}` : 'all'}.json`;
  }

  #name(next: Item): void {
    const first = this.items.indexOf(next);
    const ahead = this.items.slice(first, first + AHEAD).map(({ name }) => name);
    this.#named = new Set([...this.#running, ...ahead]);
    const text = JSON.stringify([...this.#named]);
    this.#writing = this.#writing.then(() => this.shelf.write(this.#file, text));
  }
}

/** None of a file that a failing power supply cut off. */
function namesIn(bytes: Buffer | undefined): readonly string[] {
  const parsed = parseJson(bytes?.toString() ?? '');
  if (!('value' in parsed) || !Array.isArray(parsed.value)) return [];
  return parsed.value.filter((name): name is string => typeof name === 'string');
}

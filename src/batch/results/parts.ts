import { digestOf } from '../plan.js';
import { isFailed, type Failed, type Record } from './record.js';
import type { Shelf } from './shelf.js';

const FOLDER = 'parts';

/** So many records are one file at most. */
const MOST_RECORDS = 256;
/** Milliseconds after which what is there is written, so that a killed process loses no more; on a clock that never jumps. */
const OFTEN = 5000;

/** Files whose lines are in memory: tables ask for records roughly in the order in which they were made. */
const HELD = 24;

/**
 * The records of a batch, in files that are written whole or not at all and never changed. A file is called after the digest of what
 * it holds: one that was damaged, or cut off by a failing power supply, is told by its name, and what it held is done again. Any
 * number of processes may add files: a record that two of them made is one record.
 */
export class Parts {
  /** Where each record is: number of its file, and of its line. */
  readonly #places = new Map<string, readonly [file: number, line: number]>();
  readonly #files: string[] = [];
  /** Why some pictures have no explanation, by keys. */
  readonly #failures = new Map<string, Failed>();
  readonly #held = new Map<number, readonly string[]>();
  /** Lines that wait, by their keys. */
  #pending = new Map<string, string>();
  /** Keys of what is being written. */
  readonly #leaving = new Set<string>();
  #since = 0;
  #writing: Promise<void> = Promise.resolve();
  #damaged = 0;

  private constructor(private readonly shelf: Shelf) {}

  /** @throws UsageError if the folder cannot be read */
  static async open(shelf: Shelf): Promise<Parts> {
    const parts = new Parts(shelf);
    await parts.refresh();
    return parts;
  }

  /** Takes in what other processes have written meanwhile. */
  async refresh(): Promise<void> {
    const known = new Set(this.#files);
    for (const name of await this.shelf.list(FOLDER)) if (!known.has(name)) await this.#take(name);
  }

  /** How many files were found damaged, and removed. */
  get damaged(): number {
    return this.#damaged;
  }

  get size(): number {
    return this.#places.size;
  }

  /** Whether there is a record that stays, and not one of what may be otherwise another time. */
  has(key: string): boolean {
    return this.#isThere(key) && !this.#failures.get(key)?.isPassing;
  }

  /** Why there is no explanation, of a key that is there; undefined if there is one. */
  failureOf(key: string): string | undefined {
    return this.#failures.get(key)?.failure;
  }

  /** Adds a record if there is none that is worth more, and writes those that wait if they are many, or have waited long. */
  async add(record: Record): Promise<void> {
    if (this.#isThere(record.key) && !this.#isBetter(record)) return;
    if (this.#pending.size === 0) this.#since = performance.now();
    this.#pending.set(record.key, JSON.stringify(record));
    this.#note(record);
    const isLong = performance.now() - this.#since > OFTEN;
    if (this.#pending.size >= MOST_RECORDS || isLong) await this.flush();
  }

  /** Writes what waits. @throws UsageError if it cannot be written */
  flush(): Promise<void> {
    const leaving = this.#pending;
    this.#pending = new Map();
    for (const key of leaving.keys()) this.#leaving.add(key);
    // One after the other: whoever awaits the last knows that all are there. Whoever asked for one that failed was told so.
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(leaving));
    return this.#writing;
  }

  /** The record of a key that is there. */
  async get(key: string): Promise<Record | undefined> {
    const place = this.#places.get(key);
    if (!place) return undefined;
    const [file, line] = place;
    return JSON.parse((await this.#linesOf(file))[line]) as Record;
  }

  async #write(leaving: ReadonlyMap<string, string>): Promise<void> {
    if (leaving.size === 0) return;
    const text = [...leaving.values()].map((line) => `${line}\n`).join('');
    const name = nameOf(text);
    try {
      await this.shelf.write(name, text);
      const file = this.#files.push(name) - 1;
      [...leaving.keys()].forEach((key, line) => this.#places.set(key, [file, line]));
    } catch (error) {
      // They wait again, for the next time.
      this.#pending = new Map([...leaving, ...this.#pending]);
      throw error;
    } finally {
      for (const key of leaving.keys()) this.#leaving.delete(key);
    }
  }

  async #take(name: string): Promise<void> {
    if (!/\/[\da-f]{40}\.jsonl$/.test(name)) return;
    const bytes = await this.shelf.read(name);
    if (bytes === undefined) return; // another process removed it
    if (!name.endsWith(nameOf(bytes))) {
      this.#damaged++;
      await this.shelf.remove(name);
      return;
    }
    const file = this.#files.push(name) - 1;
    linesOf(bytes).forEach((line, number) => {
      const record = JSON.parse(line) as Record;
      if (this.#isThere(record.key) && !this.#isBetter(record)) return;
      this.#places.set(record.key, [file, number]);
      this.#note(record);
    });
  }

  #isThere(key: string): boolean {
    return this.#places.has(key) || this.#pending.has(key) || this.#leaving.has(key);
  }

  /** Whether a record stays, and the one that is there does not. */
  #isBetter(record: Record): boolean {
    return !this.has(record.key) && !(isFailed(record) && record.isPassing);
  }

  #note(record: Record): void {
    if (isFailed(record)) this.#failures.set(record.key, record);
    else this.#failures.delete(record.key);
  }

  async #linesOf(file: number): Promise<readonly string[]> {
    let lines = this.#held.get(file);
    if (!lines) {
      const bytes = await this.shelf.read(this.#files[file]);
      if (bytes === undefined) throw new Error(`${this.#files[file]} is gone`);
      lines = linesOf(bytes);
      if (this.#held.size >= HELD) this.#held.delete(this.#held.keys().next().value!);
      this.#held.set(file, lines);
    }
    return lines;
  }
}

function nameOf(content: string | Uint8Array): string {
  return `${FOLDER}/${digestOf(content).slice(0, 40)}.jsonl`;
}

function linesOf(bytes: Buffer): readonly string[] {
  return bytes.toString().split('\n').slice(0, -1);
}

/** Numbers in host memory: float32 as devices hold them, or float64 where a check needs the digits. */
export type Values = Float32Array | Float64Array;

/**
 * Reads numbers that are somewhere else than in memory, row-major, the same each time, into an array of its own: whoever called
 * may let go of its memory.
 */
export type ValuesSource = () => Promise<Values>;

/**
 * Where a constant's numbers live. It is an object of its own, so that a backend can remember by identity what it has already
 * uploaded, and so that a graph can be planned before a checkpoint is read: numbers may come once, and then stay what they are.
 * Other numbers are another storage.
 */
export class Storage {
  #numbers: Values | ValuesSource | undefined;
  readonly #title: () => string;

  /**
   * @param size how many numbers
   * @param numbers row-major, or what reads them when they are needed: a large checkpoint is then never in memory as a whole;
   *   undefined for a parameter that no checkpoint has given any yet
   * @param title what messages call it; asked for when one is written
   */
  constructor(
    readonly size: number,
    numbers: Values | ValuesSource | undefined,
    title = (): string => 'without a name',
  ) {
    this.#numbers = numbers;
    this.#title = title;
  }

  /** What messages call it, behind "the parameter". */
  get title(): string {
    return this.#title();
  }

  /** Whether it has numbers, in memory or elsewhere. */
  get isGiven(): boolean {
    return this.#numbers !== undefined;
  }

  /** The numbers that it holds in memory; undefined if they are elsewhere, or there are none yet. */
  get values(): Values | undefined {
    return typeof this.#numbers === 'function' ? undefined : this.#numbers;
  }

  /**
   * The numbers, wherever they are. Those that are elsewhere are read anew by each call, and are in memory for as long as who
   * called keeps them.
   * @throws what the source does
   */
  async read(): Promise<Values> {
    const numbers = this.#numbers;
    if (numbers === undefined) throw new TypeError(`The parameter ${this.title} has no numbers to read.`);
    return typeof numbers === 'function' ? numbers() : numbers;
  }

  /** Gives a storage that has none its numbers, row-major, or what reads them. */
  provide(numbers: Values | ValuesSource): void {
    if (this.isGiven) throw new TypeError('A storage has its numbers for good.');
    this.#numbers = numbers;
  }
}

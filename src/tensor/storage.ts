/** Numbers in host memory: float32 as devices hold them, or float64 where a check needs the digits. */
export type Values = Float32Array | Float64Array;

/**
 * Where a constant's numbers live. It is an object of its own, so that a backend can remember by identity what it has already
 * uploaded, and so that a graph can be planned before a checkpoint is read: numbers may come once, and then stay what they are.
 * Other numbers are another storage.
 */
export class Storage {
  #values: Values | undefined;
  readonly #title: () => string;

  /**
   * @param values row-major; undefined for a parameter that no checkpoint has given any yet
   * @param title what messages call it; asked for when one is written
   */
  constructor(values: Values | undefined, title = (): string => 'without a name') {
    this.#values = values;
    this.#title = title;
  }

  /** What messages call it, behind "the parameter". */
  get title(): string {
    return this.#title();
  }

  get values(): Values | undefined {
    return this.#values;
  }

  /** Gives a storage that has none its numbers, row-major. */
  provide(values: Values): void {
    if (this.#values) throw new TypeError('A storage has its numbers for good.');
    this.#values = values;
  }
}

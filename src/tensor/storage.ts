/** Numbers in host memory: float32 as devices hold them, or float64 where a check needs the digits. */
export type Values = Float32Array | Float64Array;

/**
 * Where a constant's numbers live. It is an object of its own, so that a backend can remember by identity what it has already
 * uploaded, and so that a graph can be planned before a checkpoint is read: numbers may come once, and then stay what they are.
 * Other numbers are another storage.
 */
export class Storage {
  #values: Values | undefined;

  /** @param values row-major; undefined for a parameter that no checkpoint has given any yet */
  constructor(values: Values | undefined) {
    this.#values = values;
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

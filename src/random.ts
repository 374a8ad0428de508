/**
 * Numbers that look random and are the same for the same seed, on every machine.
 * Source: the generator is mulberry32 (Tommy Ettinger, public domain).
 */
export class Random {
  #state: number;

  /** @param seeds whole numbers, of which the lowest 32 bits count; each combination is a sequence of its own */
  constructor(...seeds: readonly number[]) {
    const [first = 0, ...more] = seeds;
    this.#state = more.reduce((state, seed) => mix(state ^ Math.imul(seed | 0, 0x9e3779b1)), first | 0);
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** In [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 up to, but not including, `count`. */
  integer(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(items.length)];
  }

  /** From the normal distribution with mean 0 and standard deviation 1, by the method of Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}

/** Stirs 32 bits; the result is unsigned. */
function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** The mulberry32 generator: numbers in [0, 1), the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers spread evenly over [low, high). */
export function randomValues(
  count: number,
  random: () => number,
  low: number,
  high: number,
): Float32Array<ArrayBuffer> {
  return new Float32Array(count).map(() => low + (high - low) * random());
}

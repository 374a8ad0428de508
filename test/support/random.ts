/**
 * A seeded generator (mulberry32). Tests draw a fresh seed at each run and name it in their titles, so that a
 * failure can be repeated with VITRINE_TEST_SEED.
 */
export const seed = Number(process.env['VITRINE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

export function generator(start = seed): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Float32 values, uniform in [low, high). */
export function randomValues(count: number, random: () => number, low = -1, high = 1): Float32Array {
  return Float32Array.from({ length: count }, () => low + (high - low) * random());
}

/**
 * Float32 values spread evenly over [low, high), in random order. No two are close to each other or, for different
 * shifts, to those of another array of the same size: a kink of a function lies safely between them.
 * @param shift from 0 to 1
 */
export function distinctValues(
  count: number,
  random: () => number,
  low: number,
  high: number,
  shift: number,
): Float32Array {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return Float32Array.from(order, (place) => low + ((high - low) * (place + shift)) / count);
}

import { Random } from 'vitrine';

/** Numbers in [0, 1), the same for the same seed. */
export function generator(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next();
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

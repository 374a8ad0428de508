import type { Random } from '../../random.js';

/** From the beta distribution with both parameters equal to `alpha`, above 0. */
export function symmetricBeta(alpha: number, random: Random): number {
  const [a, b] = [logGamma(alpha, random), logGamma(alpha, random)];
  return 1 / (1 + Math.exp(b - a));
}

/**
 * The logarithm of a number from the gamma distribution: for a small `shape` the number itself is often too small to be held.
 * Source: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000; their section 6 for a shape below 1.
 */
function logGamma(shape: number, random: Random): number {
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(1 - random.next()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

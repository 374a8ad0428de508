import type { Random } from '../../random.js';

/** One number of a parameter that begins. */
export type Draw = (random: Random) => number;

export function always(value: number): Draw {
  return () => value;
}

export function normal(deviation: number): Draw {
  return (random) => deviation * random.normal();
}

/** Between `-limit` and `limit`. */
export function uniform(limit: number): Draw {
  return (random) => random.uniform(-limit, limit);
}

/** Deviation of the standard normal distribution within -2 and 2. */
const deviationWithin2 = 0.87962566103423978;

/**
 * From a normal distribution cut off at two of its deviations, widened so that what is left has the given one.
 * Source: `variance_scaling_` of timm and of JAX.
 */
export function truncated(deviation: number): Draw {
  return (random) => {
    for (;;) {
      const value = random.normal();
      if (Math.abs(value) <= 2) return (value * deviation) / deviationWithin2;
    }
  };
}

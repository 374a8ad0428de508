/** What a series of measurements comes to, in milliseconds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** The middle value; of an even number, the mean of the middle two. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function summarise(milliseconds: readonly number[]): Summary {
  return {
    median: median(milliseconds),
    min: Math.min(...milliseconds),
    max: Math.max(...milliseconds),
    runs: milliseconds.length,
  };
}

/** Waits for `work` as often as `warmup` says without looking at the clock, then `runs` times with it. */
export async function measure(work: () => Promise<unknown>, warmup: number, runs: number): Promise<number[]> {
  for (let run = 0; run < warmup; run++) await work();
  const milliseconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

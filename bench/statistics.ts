/** The middle value; of an even number, the mean of the middle two. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What a series of measurements comes to, in milliseconds. */
export function summarise(milliseconds: readonly number[]) {
  return {
    median: median(milliseconds),
    min: Math.min(...milliseconds),
    max: Math.max(...milliseconds),
    runs: milliseconds.length,
  };
}

export type Summary = ReturnType<typeof summarise>;

export interface Patience {
  readonly warmup: number;
  readonly runs: number;
  /** There are fewer runs if they would take longer; but three, unless even the first took longer. */
  readonly milliseconds: number;
}

/** How often to run what took that long the first time: as asked, or as patience allows. */
export function plannedRuns(
  first: number,
  { warmup, runs, milliseconds }: Patience,
): Omit<Patience, 'milliseconds'> {
  const affordable = Math.floor(milliseconds / first);
  if (affordable >= warmup + runs) return { warmup, runs };
  if (affordable < 1) return { warmup: 0, runs: 1 };
  return { warmup: Math.min(warmup, 1), runs: Math.min(runs, Math.max(3, affordable)) };
}

/** Waits for `work` as often as the warm-up says without looking at the clock, then as often as planned with it. */
export async function measure<T>(
  work: () => Promise<T>,
  patience: Patience,
): Promise<{ milliseconds: number[]; results: T[] }> {
  const milliseconds: number[] = [];
  const results: T[] = [];
  let plan: Omit<Patience, 'milliseconds'> = patience;
  for (let run = 0; run < plan.warmup + plan.runs; run++) {
    const start = performance.now();
    const result = await work();
    const time = performance.now() - start;
    if (run === 0) plan = plannedRuns(time, patience);
    if (run < plan.warmup) continue;
    milliseconds.push(time);
    results.push(result);
  }
  return { milliseconds, results };
}

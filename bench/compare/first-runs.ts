import { plannedRuns } from '../statistics.js';
import type { Contestant } from './contestant.js';
import { judge, takeTurns, type Entry, type Measurement } from './measurement.js';
import { targets } from './targets.js';
import { forward } from './tasks.js';

/** Starts a contestant's process. */
export type Start = (name: 'vitrine' | 'ONNX Runtime') => Promise<Contestant>;

/** Of one contestant at one measurement. */
export const patienceMilliseconds = 60_000;
/** Each takes a process of its own. */
const mostFirstRuns = 5;

/** From the start of a process to its first results, with no kernel compiled before. */
export async function firstRuns(start: Start, runs: number): Promise<Measurement> {
  const entries = (['vitrine', 'ONNX Runtime'] as const).map((name): Entry => ({
    name,
    run: async (count) => {
      const milliseconds: number[] = [];
      for (let time = 0; time < count; time++) {
        const begin = performance.now();
        const contestant = await start(name);
        await contestant.run(forward, 1);
        milliseconds.push(performance.now() - begin);
        await contestant.stop();
      }
      return milliseconds;
    },
  }));
  const first: number[] = [];
  for (const { run } of entries) first.push(...(await run(1)));
  const patience = { runs: Math.min(runs, mostFirstRuns), warmup: 0, milliseconds: patienceMilliseconds };
  const plan = plannedRuns(Math.max(...first), patience);
  // What was started first counts: every one of them is as cold as the next.
  const numbers = await takeTurns(entries, { ...plan, runs: plan.runs - 1, blockSize: 1 });
  const about = {
    unit: 'ms',
    threads: undefined,
    against: 'ONNX Runtime',
    target: targets.firstRunOnWebgpu,
  } as const;
  const title = 'cold: process start to first forward';
  return judge(
    { ...about, title },
    entries,
    numbers.map((times, index) => [first[index], ...times]),
    true,
  );
}

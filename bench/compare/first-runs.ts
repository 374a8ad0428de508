import type { Patience } from '../statistics.js';
import type { Contestant } from './contestant.js';
import type { Task } from './protocol.js';
import { judge, singleRuns, takeTurns, type Measurement } from './measurement.js';
import { targets } from './targets.js';

const forward: Task = { work: 'forward', batch: 1 };

/** Each takes a process of its own. */
const mostFirstRuns = 5;

/**
 * From the start of a process to its first results, with no kernel compiled before.
 * @param start starts a contestant's process
 */
export async function firstRuns(
  start: (name: 'vitrine' | 'ONNX Runtime') => Promise<Contestant>,
  { runs, milliseconds }: Patience,
): Promise<Measurement> {
  const entries = (['vitrine', 'ONNX Runtime'] as const).map((name) =>
    singleRuns(name, async () => {
      const begin = performance.now();
      const contestant = await start(name);
      await contestant.run(forward, 1);
      const end = performance.now();
      await contestant.stop();
      return end - begin;
    }),
  );
  const patience = { warmup: 0, runs: Math.min(runs, mostFirstRuns), milliseconds };
  const title = 'cold: process start to first forward';
  const target = targets.firstRunOnWebgpu;
  const about = { title, unit: 'ms', threads: undefined, against: 'ONNX Runtime', target } as const;
  return judge(about, entries, await takeTurns(entries, patience, 1), true);
}

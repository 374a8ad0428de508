import { openQueue } from '../../batch/queue/driver.js';
import { tell } from '../legible.js';
import { addressOf } from './submit.js';

/** Jobs of which pictures that failed are told. */
const LAST = 1000;

/** Tells how far a queue is. */
export async function status({ queue: address }: { readonly queue?: string }): Promise<number> {
  const queue = await openQueue(addressOf(address));
  try {
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'completed', 'failed');
    const of = (name: string): number => counts[name] ?? 0;
    tell(`jobs     ${of('wait')} waiting, ${of('active')} worked on, ${of('delayed')} to be tried again`);
    tell(`         ${of('completed')} done, ${of('failed')} given up`);
    tell(`workers  ${await queue.getWorkersCount()}`);
    const [done, lost] = await Promise.all([
      queue.getJobs(['completed'], 0, LAST),
      queue.getJobs(['failed'], 0, LAST),
    ]);
    for (const { returnvalue } of done) for (const failure of returnvalue.failed) tell(`failed   ${failure}`);
    for (const { failedReason } of lost) tell(`given up ${failedReason}`);
    return 0;
  } finally {
    await queue.close();
  }
}

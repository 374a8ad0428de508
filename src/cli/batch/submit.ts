import { openInputs } from '../../batch/inputs/open.js';
import { openQueue, queueAddress, type QueueAddress } from '../../batch/queue/driver.js';
import { jobsOf } from '../../batch/queue/job.js';
import { addJobs, entriesOf } from '../../batch/queue/submit.js';
import { settle } from '../../batch/results/about.js';
import { writeManifest } from '../../batch/results/manifest.js';
import { Parts } from '../../batch/results/parts.js';
import { shelfAt } from '../../batch/results/shelf.js';
import { isAddress } from '../../batch/inputs/address.js';
import { UsageError } from '../../errors.js';
import { Interrupted, Interruption } from '../interruption.js';
import { complain, tell } from '../legible.js';
import { fromPerson, toPerson } from '../paths.js';
import { pictureProgress } from '../picture-progress.js';
import { makeFolder } from '../results-folder.js';
import { checkBatchOptions, notGiven, type RawBatchOptions } from './options.js';
import { planned } from './planned.js';

/**
 * Names the results of all pictures and hands the pictures to a queue. Called again, it adds what is missing.
 * @returns the exit status: 0, 1 if some pictures cannot be read, a shell's status if it was interrupted
 */
export async function submit(raw: RawBatchOptions, inputs: readonly string[]): Promise<number> {
  const at = addressOf(raw.queue);
  notGiven(raw, ['threads', 'batch'], 'is for those who work: give it to "vitrine batch work"');
  const options = await checkBatchOptions(raw, inputs);
  const around = { absolute: fromPerson, relative: toPerson, out: options.out };
  const items = await openInputs(options.inputs, around);
  const plan = await planned(raw, options, items);
  const queue = await openQueue(at);
  const interruption = new Interruption('stopping; the same command submits the others.');
  const progress = pictureProgress(items.length);
  try {
    if (!isAddress(options.out)) await makeFolder(options.out);
    const shelf = shelfAt(options.out);
    await settle(shelf, plan, raw.force ?? false);
    const parts = await Parts.open(shelf);
    let failed = 0;
    const entries = await entriesOf(items, plan.plan, plan.labels, interruption.signal, ({ failure }) => {
      progress.advance(true);
      if (failure === undefined) return;
      failed++;
      complain(failure);
    });
    await writeManifest(shelf, entries);
    const jobs = jobsOf(plan.plan, plan.maps, options.out, items, entries);
    const added = await addJobs(queue, jobs, parts);
    progress.stop();
    tell(
      `${items.length} pictures in ${jobs.size} jobs, of which ${added} were added; when they are done: vitrine batch collect --out ${raw.out}`,
    );
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return error.status;
  } finally {
    progress.stop();
    interruption.stop();
    await queue.close();
  }
}

/** @throws UsageError if none was given */
export function addressOf(text: string | undefined): QueueAddress {
  if (text !== undefined) return queueAddress(text);
  throw new UsageError('No queue was given; name one with --queue redis://… or --queue postgres://….');
}

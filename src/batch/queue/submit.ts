import { VitrineError } from '../../errors.js';
import type { Item } from '../inputs/item.js';
import { readItem } from '../inputs/read.js';
import { digestOf, digestOfPlan, keyOf, type BatchPlan } from '../plan.js';
import type { Parts } from '../results/parts.js';
import type { Entry } from '../results/tables.js';
import { Gate } from '../work/gate.js';
import { givenTargets } from '../work/targets.js';
import type { BatchQueue } from './driver.js';
import { ATTEMPTS, BACKOFF, type BatchJob } from './job.js';

/** Pictures that are read at a time. */
const READS = 8;

/** What the results of all pictures will be called; each is read for it, and told of when it was. */
export async function entriesOf(
  items: readonly Item[],
  plan: BatchPlan,
  labels: readonly string[],
  signal: AbortSignal,
  tell: (entry: Entry) => void,
): Promise<readonly Entry[]> {
  const digest = digestOfPlan(plan);
  const gate = new Gate(() => READS);
  const entries = items.map(async (item): Promise<Entry> => {
    await gate.enter();
    try {
      signal.throwIfAborted();
      const entry = await entryOf(item, digest, labels);
      tell(entry);
      return entry;
    } finally {
      gate.leave();
    }
  });
  return Promise.all(entries);
}

async function entryOf(item: Item, plan: string, labels: readonly string[]): Promise<Entry> {
  const { name, class: of } = item;
  const about = { name, ...(of === undefined ? {} : { class: of }) };
  try {
    const targets = givenTargets(of, labels);
    return { ...about, key: keyOf(plan, digestOf(await readItem(item)), targets) };
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    return { ...about, failure: error.message };
  }
}

/** Jobs that are added in one go. */
const AT_ONCE = 32;

/**
 * Adds the jobs that are not done and not queued yet; those that were given up, or whose results were lost, begin anew.
 * @returns how many were added
 */
export async function addJobs(
  queue: BatchQueue,
  jobs: ReadonlyMap<string, BatchJob>,
  parts: Parts,
): Promise<number> {
  const open = [...jobs].filter(([, { items }]) => items.some(({ key }) => !parts.has(key)));
  let added = 0;
  for (let first = 0; first < open.length; first += AT_ONCE) {
    const missing: [string, BatchJob][] = [];
    for (const [name, data] of open.slice(first, first + AT_ONCE)) {
      const there = await queue.getJob(name);
      const state = await there?.getState();
      if (state === 'completed' || state === 'failed') await there!.remove();
      else if (there) continue;
      missing.push([name, data]);
    }
    await queue.addBulk(
      missing.map(([jobId, data]) => ({
        name: 'explain',
        data,
        opts: { jobId, attempts: ATTEMPTS, backoff: { type: 'exponential', delay: BACKOFF } },
      })),
    );
    added += missing.length;
  }
  return added;
}

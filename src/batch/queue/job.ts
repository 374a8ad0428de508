import type { Item } from '../inputs/item.js';
import { digestOf, digestOfPlan, type BatchPlan } from '../plan.js';
import type { Entry } from '../results/tables.js';

/** A picture of a job. */
export interface QueuedItem extends Item {
  readonly key: string;
}

/** Some hundred pictures, and all that a worker anywhere needs to know to explain them. */
export interface BatchJob {
  readonly plan: BatchPlan;
  /** What maps are called, in their order. */
  readonly maps: readonly string[];
  /** Where results go: a path on storage that all share, or an address. */
  readonly out: string;
  readonly items: readonly QueuedItem[];
}

/** What became of a job. */
export interface JobResult {
  readonly explained: number;
  readonly there: number;
  /** Pictures that failed, and why, a sentence each. */
  readonly failed: readonly string[];
}

/** Pictures of a job: enough that the queue costs next to nothing, few enough that a lost worker loses little. */
export const JOB_SIZE = 256;

/**
 * Tries of a job whose pictures or results cannot be reached, and milliseconds before the second, which double: storage that was away
 * for a minute is seen again.
 */
export const ATTEMPTS = 6;
export const BACKOFF = 2000;

/** The jobs of a batch by their names: the same of the same pictures, so that what is submitted again is there once. */
export function jobsOf(
  plan: BatchPlan,
  maps: readonly string[],
  out: string,
  items: readonly Item[],
  entries: readonly Entry[],
): ReadonlyMap<string, BatchJob> {
  const queued = items.flatMap((item, i): QueuedItem[] => {
    const { key } = entries[i];
    return key === undefined ? [] : [{ ...item, key }];
  });
  const digest = digestOfPlan(plan);
  const jobs = new Map<string, BatchJob>();
  for (let first = 0; first < queued.length; first += JOB_SIZE) {
    const those = queued.slice(first, first + JOB_SIZE);
    const name = digestOf(JSON.stringify([digest, out, those.map(({ name, key }) => [name, key])]));
    jobs.set(name.slice(0, 32), { plan, maps, out, items: those });
  }
  return jobs;
}

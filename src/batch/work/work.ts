import type { Crew } from '../crew/crew.js';
import type { Item } from '../inputs/item.js';
import { digestOfPlan, type BatchPlan, type Shard } from '../plan.js';
import type { Parts } from '../results/parts.js';
import type { Shelf } from '../results/shelf.js';
import type { Entry } from '../results/tables.js';
import type { UnderWay } from '../results/under-way.js';
import { Gate } from './gate.js';
import { PictureWork } from './picture-work.js';

/** What became of a picture. */
export interface Done {
  readonly item: Item;
  /** `there` if its result was there already, `others` if it is another shard's. */
  readonly how: 'explained' | 'there' | 'failed' | 'others';
  /** Why it failed, a sentence. */
  readonly failure?: string;
}

/** What a batch is worked on with. */
export interface Work {
  readonly plan: BatchPlan;
  /** Comma-separated synonyms of each class, by index; none of a model without classes. */
  readonly labels: readonly string[];
  /** What maps are called, in their order: files of drawn ones are named so. */
  readonly maps: readonly string[];
  readonly parts: Parts;
  readonly shelf: Shelf;
  /** Opened when the first picture asks for it: a batch that is done needs none. */
  readonly crew: () => Promise<Crew>;
  readonly shard?: Shard | undefined;
  /** Whether a process may have come to its end at a picture: it is read in one of its own, and fails alone. */
  readonly isSuspect: (item: Item) => boolean;
  /** Told of each picture that is worked on. */
  readonly underWay?: Pick<UnderWay, 'enter' | 'leave'>;
  readonly signal: AbortSignal;
  /** Told of each picture, in no order. */
  readonly tell: (done: Done) => void;
}

/**
 * Explains all pictures whose results are not there yet, many at a time. When it returns, all results are written.
 * @returns what each picture's result is called, in their order
 * @throws DeviceError, UsageError for what is no picture's fault; the reason of an aborted signal: what was done is written then
 */
export async function workOn(items: readonly Item[], work: Work): Promise<readonly Entry[]> {
  const { parts, signal } = work;
  const pictures = new PictureWork(work, digestOfPlan(work.plan));
  const gate = new Gate(() => pictures.capacity);
  const entries: Entry[] = new Array<Entry>(items.length);
  const running = new Set<Promise<void>>();
  let trouble: { readonly error: unknown } | undefined;
  for (const [position, item] of items.entries()) {
    await gate.enter();
    if (signal.aborted || trouble) break;
    const one = pictures
      .take(item)
      .then((entry) => {
        entries[position] = entry;
      })
      .catch((error: unknown) => {
        trouble ??= { error };
      })
      .finally(() => {
        running.delete(one);
        gate.leave();
      });
    running.add(one);
  }
  await Promise.all(running);
  await parts.flush();
  if (trouble) throw trouble.error;
  signal.throwIfAborted();
  return entries;
}

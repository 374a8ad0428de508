import { UsageError } from '../../errors.js';
import type { VisionTransformerConfig } from '../../models/index.js';
import { openModel, type OpenedModel } from '../../node/index.js';
import { Crew } from '../crew/crew.js';
import { canonical, digestOf, type BatchPlan } from '../plan.js';
import { Parts } from '../results/parts.js';
import { passingFailureOf } from '../results/record.js';
import { shelfAt, type Shelf } from '../results/shelf.js';
import { workOn, type Work } from '../work/work.js';
import type { BatchJob, JobResult, QueuedItem } from './job.js';

/** How a worker computes, which is its own affair. */
export interface WorkerDevice {
  readonly adapter: string | undefined;
  readonly threads: number | undefined;
  readonly batch: number | undefined;
}

/** Pictures cannot be read, and may be later; all else is as it should be. */
export class UnreadError extends UsageError {}

/** How a job came to a worker. */
export interface Delivery {
  /** Whether another worker may have worked on it before. */
  readonly isAgain: boolean;
  /** Whether a worker that had it was not heard of any more. */
  readonly isAfterLoss: boolean;
  /** Whether what cannot be read is given up. */
  readonly isLast: boolean;
}

/** A batch as a worker has it open: jobs of the same batch share model, device, and what is known of results. */
export class Session {
  #crew: Promise<Crew> | undefined;

  private constructor(
    private readonly job: BatchJob,
    private readonly device: WorkerDevice,
    private readonly shelf: Shelf,
    private readonly parts: Parts,
    private readonly labels: readonly string[],
    private readonly config: VisionTransformerConfig,
  ) {}

  /** @throws UsageError, WeightsError if the model or the results cannot be had here */
  static async open(job: BatchJob, device: WorkerDevice): Promise<Session> {
    const { plan, out } = job;
    const opened = await openModel(plan.model.request);
    await refuseOther(plan, opened);
    const { model, labels, output } = opened;
    const shelf = shelfAt(out);
    const known = output === 'classes' ? labels : [];
    return new Session(job, device, shelf, await Parts.open(shelf), known, model.config);
  }

  /** Whether a job is of this batch. */
  isOf({ plan, maps, out }: BatchJob): boolean {
    const [own, other] = [this.job, { plan, maps, out }].map((job) =>
      canonical([job.plan, job.maps, job.out]),
    );
    return own === other;
  }

  /**
   * Works on a job, but for what is there already.
   * @throws UnreadError if pictures cannot be read, and may be later; what `workOn` throws; the reason of an aborted signal
   */
  async work(
    job: BatchJob,
    { isAgain, isAfterLoss, isLast }: Delivery,
    signal: AbortSignal,
  ): Promise<JobResult> {
    const { items } = job;
    if (isAgain) await this.parts.refresh();
    const failed: string[] = [];
    const counts = { explained: 0, there: 0 };
    const tell: Work['tell'] = ({ how, failure }) => {
      if (how === 'failed') failed.push(failure!);
      else if (how === 'explained' || how === 'there') counts[how]++;
    };
    const entries = await workOn(items, {
      plan: job.plan,
      maps: job.maps,
      labels: this.labels,
      parts: this.parts,
      shelf: this.shelf,
      isSuspect: () => isAfterLoss,
      signal,
      tell,
      crew: () => this.#opened(),
    });
    const lost = items.filter(({ key }, i) => entries[i].key !== key);
    if (lost.length > 0 && !isLast)
      throw new UnreadError(inWords(lost, entries[items.indexOf(lost[0])].failure!));
    for (const item of lost) {
      await this.parts.add(passingFailureOf(item.key, entries[items.indexOf(item)].failure!, item.name));
    }
    await this.parts.flush();
    return { ...counts, failed };
  }

  async close(): Promise<void> {
    await (await this.#crew?.catch(() => undefined))?.close();
  }

  #opened(): Promise<Crew> {
    return (this.#crew ??= Crew.open({ ...this.device, plan: this.job.plan, config: this.config }));
  }
}

/** @throws UsageError if the model here is not that of the plan */
async function refuseOther({ model: planned }: BatchPlan, opened: OpenedModel): Promise<void> {
  const same = {
    'The checkpoint': (await (await opened.weights).sha256()) === planned.sha256,
    'The configuration': digestOf(canonical(opened.model.config)) === planned.configuration,
    'The list of classes': digestOf(JSON.stringify(opened.labels)) === planned.labels,
  };
  const other = Object.entries(same).find(([, isSame]) => !isSame);
  if (!other) return;
  throw new UsageError(
    `${other[0]} of ${planned.name} is another one here than where the batch was submitted; give all machines the same.`,
  );
}

/** @param why the first is lost */
function inWords(lost: readonly QueuedItem[], why: string): string {
  return lost.length === 1 ? why : `${lost.length} pictures cannot be read, such as this: ${why}`;
}

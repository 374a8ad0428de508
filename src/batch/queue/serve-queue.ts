import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import type * as BullMq from 'bullmq';
import { failureInWords } from '../../node/index.js';
import { openQueue, openWorker, type QueueAddress, type WorkerTiming } from './driver.js';
import { ATTEMPTS, type BatchJob, type JobResult } from './job.js';
import { Session, UnreadError, type WorkerDevice } from './session.js';

/** What a worker tells of. */
export interface WorkerNews {
  readonly done: (result: JobResult) => void;
  /** A try of a job; whether there is none after it. */
  readonly failed: (reason: string, isGivenUp: boolean) => void;
  /** Of the connection. */
  readonly trouble: (reason: string) => void;
}

export interface ServeOptions {
  readonly device: WorkerDevice;
  /** Whether to leave when no job waits and none is worked on by anybody. */
  readonly untilDone: boolean;
  readonly timing?: WorkerTiming;
  readonly signal: AbortSignal;
  readonly news: WorkerNews;
}

/** Milliseconds between two looks at whether anything is left to do. */
const LOOK = 300;

/**
 * Works on jobs until it is told to leave. What it was working on then is written, and the rest of that job is given back at once.
 * @throws UsageError if the queue cannot be reached
 */
export async function serveQueue(at: QueueAddress, options: ServeOptions): Promise<void> {
  const { device, untilDone, signal, news } = options;
  let session: Session | undefined;
  const forget = async (): Promise<void> => {
    const last = session;
    session = undefined;
    await last?.close();
  };
  const sessionOf = async (job: BatchJob): Promise<Session> => {
    if (session?.isOf(job)) return session;
    await forget();
    return (session = await Session.open(job, device));
  };
  const worker = await openWorker(
    at,
    async (job, token) => {
      try {
        const opened = await sessionOf(job.data);
        const delivery = {
          isAgain: job.attemptsStarted > 1,
          isAfterLoss: job.stalledCounter > 0,
          isLast: job.attemptsMade + 1 >= ATTEMPTS,
        };
        return await opened.work(job.data, delivery, signal);
      } catch (error) {
        // What failed, such as the device or the place for results, is opened anew for the next try.
        if (!(error instanceof UnreadError)) await forget();
        if (!signal.aborted) throw error;
        await job.moveToWait(token);
        throw new WaitingError();
      }
    },
    options.timing,
  );
  // It is there: the worker was made by it.
  const { WaitingError } = createRequire(import.meta.url)('bullmq') as typeof BullMq;
  worker.on('completed', (_, result) => {
    news.done(result);
  });
  worker.on('failed', (job, error) => {
    // Without a job there is nothing to be tried again.
    news.failed(error.message, !job || job.attemptsMade >= (job.opts.attempts ?? 1));
  });
  worker.on('error', (error) => {
    news.trouble(failureInWords(error));
  });
  const running = worker.run();
  try {
    await (untilDone ? left(at, signal) : aborted(signal));
  } finally {
    await worker.close();
    await running.catch(() => undefined);
    await forget();
  }
}

/** When nothing is left to do, or the signal comes. */
async function left(at: QueueAddress, signal: AbortSignal): Promise<void> {
  const queue = await openQueue(at);
  try {
    while (!signal.aborted) {
      const counts = await queue
        .getJobCounts('wait', 'active', 'delayed', 'prioritized')
        .catch(() => ({ unknown: 1 }));
      if (Object.values(counts).every((count) => count === 0)) return;
      await setTimeout(LOOK, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await queue.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

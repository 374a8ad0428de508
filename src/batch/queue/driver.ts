import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionOptions, Job, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq';
import type * as BullMq from 'bullmq';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { optionalPackage } from '../optional-package.js';
import type { BatchJob, JobResult } from './job.js';

/** What all batches are queued in: their jobs tell them apart. */
const NAME = 'vitrine-batch';

export type BatchQueue = Queue<BatchJob, JobResult>;
export type BatchWorker = Worker<BatchJob, JobResult>;
type Processor = (job: Job<BatchJob, JobResult>, token?: string) => Promise<JobResult>;

/** A server of queues. */
interface Driver {
  readonly packages: readonly string[];
  readonly connection: (address: string) => ConnectionOptions | Record<string, unknown>;
  /** What the library reaches it through, if not its default. */
  readonly backend?: (bullmq: typeof BullMq) => unknown;
}

const postgres: Driver = {
  packages: ['bullmq', 'pg'],
  // Tables are made where there are none yet.
  connection: (address) => ({ connectionString: address, migrate: true }),
  backend: ({ createPostgresBackend }) => createPostgresBackend,
};
const redis: Driver = {
  packages: ['bullmq', 'ioredis'],
  // A server that is restarted is waited for.
  connection: (url) => ({ url, maxRetriesPerRequest: null }),
};

const drivers: Readonly<Record<string, Driver>> = {
  'postgres:': postgres,
  'postgresql:': postgres,
  'redis:': redis,
  'rediss:': redis,
};

/** Where a queue is, checked. */
export interface QueueAddress {
  readonly address: string;
  readonly driver: Driver;
}

/** @throws UsageError if the text is the address of no such server */
export function queueAddress(text: string): QueueAddress {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (Object.hasOwn(drivers, protocol)) return { address: text, driver: drivers[protocol] };
  throw new UsageError(
    `--queue is "${text}"; give redis://HOST:PORT or postgres://USER:PASSWORD@HOST/DATABASE.`,
  );
}

/** Without a password, for messages. */
function inWords({ address }: QueueAddress): string {
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  return url.href;
}

async function library({ driver: { packages } }: QueueAddress): Promise<typeof BullMq> {
  // The library loads its drivers by require, which it has as CommonJS alone.
  const require = createRequire(import.meta.url);
  const load = (name: string): Promise<unknown> => Promise.resolve().then(() => require(name) as unknown);
  return optionalPackage(
    async () => {
      const [bullmq] = await Promise.all(packages.map(load));
      return bullmq as typeof BullMq;
    },
    packages,
    '--queue',
  );
}

/**
 * @throws UsageError if packages are missing, or the server cannot be reached
 */
export async function openQueue(at: QueueAddress): Promise<BatchQueue> {
  const bullmq = await library(at);
  const options = { connection: at.driver.connection(at.address) } as QueueOptions;
  const backend = at.driver.backend?.(bullmq) as undefined;
  const queue = await opened(at, () => new bullmq.Queue(NAME, options, backend));
  // A connection that is lost is sought again; whoever asks meanwhile is told. An event that nobody hears would end the process.
  queue.on('error', () => undefined);
  return queue;
}

/** How a worker takes jobs, beside what it does with them. */
export type WorkerTiming = Pick<WorkerOptions, 'lockDuration' | 'stalledInterval'>;

/**
 * Milliseconds: a job whose worker has not been heard of for so long is another one's.
 */
const timing: WorkerTiming = { lockDuration: 30_000, stalledInterval: 15_000 };

/** More often than a job could be begun by workers that are killed for other reasons than its pictures. */
const MOST_STALLED = 1_000_000;

/** @throws UsageError as `openQueue` */
export async function openWorker(
  at: QueueAddress,
  processor: Processor,
  given: WorkerTiming = {},
): Promise<BatchWorker> {
  const bullmq = await library(at);
  const options = {
    connection: at.driver.connection(at.address),
    ...timing,
    ...given,
    maxStalledCount: MOST_STALLED,
    autorun: false,
  } as WorkerOptions;
  const backend = at.driver.backend?.(bullmq) as undefined;
  const begun = () => new bullmq.Worker(NAME, processor, options, backend) as BatchWorker & Connected;
  return opened(at, begun);
}

/** Milliseconds in which a server answers. */
const PATIENCE = 20_000;

/** Milliseconds until a server that is starting is asked again. */
const PAUSE = 500;

/** What PostgreSQL says while it is starting, or stopping to start again: `cannot_connect_now`. */
const STARTING = '57P03';

type Connected = Pick<BatchQueue, 'on' | 'off' | 'waitUntilReady' | 'close'>;

/** A server that is starting is waited for, as one that is restarted later. */
async function opened<Opened extends Connected>(at: QueueAddress, open: () => Opened): Promise<Opened> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const queue = open();
    try {
      await ready(at, queue);
      return queue;
    } catch (error) {
      const { code } = Object((error as UsageError).cause) as { readonly code?: unknown };
      if (code !== STARTING || performance.now() > end) throw error;
      await pause(PAUSE);
    }
  }
}

/** A server that cannot be reached is asked again and again; a person is told. */
async function ready(at: QueueAddress, queue: Connected): Promise<void> {
  let last: unknown;
  const note = (error: unknown): void => {
    last = error;
  };
  queue.on('error', note);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('no answer in time'));
    }, PATIENCE);
  });
  try {
    await Promise.race([queue.waitUntilReady(), late]);
  } catch (error) {
    void queue.close().catch(() => undefined);
    const reason = failureInWords(last ?? error);
    throw new UsageError(`The queue at ${inWords(at)} cannot be reached: ${reason}.`, { cause: error });
  } finally {
    clearTimeout(timer);
    queue.off('error', note);
  }
}

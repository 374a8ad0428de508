import { serveQueue } from '../../batch/queue/serve-queue.js';
import { UsageError } from '../../errors.js';
import { checkDevice } from '../explain-options.js';
import { Interruption } from '../interruption.js';
import { complain, tell } from '../legible.js';
import { batchOf } from './options.js';
import { addressOf } from './submit.js';

/** What commander collects for `batch work`. */
export interface RawWorkOptions {
  readonly queue?: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly batch?: string;
  readonly untilDone?: boolean;
}

/**
 * Takes jobs from a queue until somebody asks it to leave.
 * @returns the exit status: 0, 1 if some pictures or jobs failed
 */
export async function work(raw: RawWorkOptions): Promise<number> {
  const at = addressOf(raw.queue);
  const { adapter, threads } = checkDevice({ ...raw, device: 'auto' });
  if (adapter !== undefined && threads !== undefined) {
    throw new UsageError('--adapter is for WebGPU and --threads for a processor; give one of them.');
  }
  const device = { adapter, threads, batch: raw.batch === undefined ? undefined : batchOf(raw.batch) };
  const interruption = new Interruption('leaving; what is done is written, the rest is given back.');
  const { signal } = interruption;
  let [failed, told] = [0, ''];
  try {
    tell('waiting for pictures');
    await serveQueue(at, {
      device,
      signal,
      untilDone: raw.untilDone ?? false,
      news: {
        done(result) {
          for (const failure of result.failed) complain(failure);
          failed += result.failed.length;
          tell(`${result.explained} explained, ${result.there} were there, ${result.failed.length} failed`);
        },
        failed(reason, isGivenUp) {
          if (isGivenUp) failed++;
          complain(reason);
        },
        trouble(reason) {
          // The same reason comes with every try.
          if (reason !== told) complain(`the queue does not answer: ${reason}; trying again.`);
          told = reason;
        },
      },
    });
  } finally {
    interruption.stop();
  }
  return failed === 0 ? 0 : 1;
}

/** A thread that opens a set and makes batches of it, beside the steps that they are for. */
import { parentPort, workerData } from 'node:worker_threads';
import { VitrineError } from '../../../errors.js';
import type { Batch } from '../../../train/index.js';
import type { Answer, Order } from './messages.js';
import { openData, type DataRequest, type OpenedData } from './source.js';

const port = parentPort!;

function say(answer: Answer, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(answer, moved);
}

function fail(error: unknown): void {
  const known = error instanceof VitrineError;
  const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : '';
  say({ kind: 'failure', failure: { known, message: message || String(error) } });
}

let closed = false;

/** Orders wait for it, and for each other: one batch at a time is in memory. */
let last: Promise<unknown> = open();

async function open(): Promise<OpenedData | undefined> {
  try {
    const opened = await openData(workerData as DataRequest, (name, why) => {
      say({ kind: 'damaged', name, why });
    });
    const { data, config, notes, mark } = opened;
    const sizes = { train: data.train.size, test: data.test.size };
    say({ kind: 'open', description: { labels: data.train.labels, config, sizes, notes, mark } });
    return opened;
  } catch (error) {
    fail(error);
    return undefined;
  }
}

const opening = last as Promise<OpenedData | undefined>;

async function make({ id, part, first, count }: Order): Promise<void> {
  const opened = await opening;
  if (!opened || closed) return;
  try {
    const batch = await opened.data[part].batch(first, count);
    say({ kind: 'batch', id, batch }, buffersOf(batch));
  } catch (error) {
    fail(error);
  }
}

/** They are handed over, not copied. */
function buffersOf(batch: Batch): ArrayBuffer[] {
  const arrays = [batch.image, batch.labels, batch.patchLabels, batch.masks].filter(
    (array) => array !== undefined,
  );
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

port.on('message', (order: Order | undefined) => {
  if (order) last = last.then(() => make(order));
  else {
    closed = true;
    port.close();
  }
});

import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { VitrineError } from '../../errors.js';
import type { Answer, Order } from './member.js';

/** What a task comes to, and which of its memory goes over to whoever asked. */
export interface Outcome<Result> {
  readonly result: Result;
  readonly transfer?: readonly ArrayBuffer[];
}

/** What this thread or process was told at its start. */
export function told(): unknown {
  return parentPort ? (workerData as unknown) : JSON.parse(process.argv[2]);
}

/** Carries out the tasks that this thread or process is given, until it is stopped. */
export function serve(carryOut: (task: never) => Promise<Outcome<unknown>>): void {
  const answerOf = async ({ id, task }: Order<never>): Promise<[Answer<unknown>, readonly ArrayBuffer[]]> => {
    try {
      const { result, transfer = [] } = await carryOut(task);
      return [{ id, result }, transfer];
    } catch (error) {
      if (!(error instanceof VitrineError)) return [{ id, error }, []];
      // Classes do not survive the way to another thread.
      return [{ id, refusal: { name: error.name, message: error.message } }, []];
    }
  };
  const port = parentPort;
  if (!port) stayBehind();
  (port ?? process).on('message', (order: Order<never>) => {
    void answerOf(order).then(([answer, transfer]) => {
      if (port) port.postMessage(answer, [...transfer]);
      else process.send!(answer);
    });
  });
}

/** A process for what may end it: it lives as long as the one that began it, and goes first where memory is short. */
function stayBehind(): void {
  process.on('disconnect', () => process.exit());
  // Whoever asks all processes to end is heard by the one that began it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // There is no such thing outside Linux.
  }
}

/** Memory that a value has for itself, so that it can go over; what shares memory is copied. */
export function ownBuffer(values: ArrayBufferView): ArrayBuffer[] {
  const { buffer } = values;
  return buffer instanceof ArrayBuffer && buffer.byteLength === values.byteLength ? [buffer] : [];
}

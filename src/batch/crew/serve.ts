import { parentPort } from 'node:worker_threads';
import { VitrineError } from '../../errors.js';
import type { Answer, Order } from './crew-thread.js';

/** What a task comes to, and which of its memory goes over to whoever asked. */
export interface Outcome<Result> {
  readonly result: Result;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Carries out the tasks that the thread is given, until it is stopped. */
export function serve(carryOut: (task: never) => Promise<Outcome<unknown>>): void {
  const port = parentPort!;
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
  port.on('message', (order: Order<never>) => {
    void answerOf(order).then(([answer, transfer]) => {
      port.postMessage(answer, [...transfer]);
    });
  });
}

/** Memory that a value has for itself, so that it can go over; what shares memory is copied. */
export function ownBuffer(values: ArrayBufferView): ArrayBuffer[] {
  const { buffer } = values;
  return buffer instanceof ArrayBuffer && buffer.byteLength === values.byteLength ? [buffer] : [];
}

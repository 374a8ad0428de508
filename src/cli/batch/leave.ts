import { constants } from 'node:os';
import { areThreadsBusy } from '../../batch/crew/end-thread.js';
import { complain } from '../legible.js';

/**
 * Node waits for its threads when a process exits, and one that is in a decoder which does not come to its end cannot be stopped: then
 * the process has itself killed. Whoever asked for the end by a signal is told of the same one.
 */
export function leaveInAnyCase(): void {
  process.on('exit', (status) => {
    if (!areThreadsBusy()) return;
    const signal = signalOf(status);
    if (!signal)
      complain(
        'a decoder does not come to its end, and so this process is killed; all that was told is done.',
      );
    // The last in any case: whoever began this process may have had it ignore others.
    for (const own of [signal ?? 'SIGKILL', 'SIGKILL'] as const) {
      process.removeAllListeners(own);
      process.kill(process.pid, own);
    }
  });
}

/** Shells have it that the status of what a signal ended is 128 and its number. */
function signalOf(status: number): NodeJS.Signals | undefined {
  const signals = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return signals.find(([, number]) => number === status - 128)?.[0];
}

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { UsageError } from '../../errors.js';

/** As many threads as VITRINE_THREADS says, or else as the process may use cores. */
export function threadsToUse(): number {
  return threadsFromEnvironment() ?? availableCores();
}

function threadsFromEnvironment(): number | undefined {
  const text = process.env['VITRINE_THREADS'];
  if (text === undefined || text.trim() === '') return undefined;
  return parseThreads('VITRINE_THREADS', text);
}

/**
 * @param name of the option or variable, for the message
 * @throws UsageError unless the text is a whole number from 1 to 1024
 */
export function parseThreads(name: string, text: string): number {
  const threads = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (!(threads >= 1 && threads <= 1024)) {
    throw new UsageError(`${name} is "${text}"; give a number of threads from 1 to 1024.`);
  }
  return threads;
}

/** Cores that the process may use: its affinity, and the quota of the container it runs in. */
function availableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), containerQuota() ?? Infinity));
}

/** In Linux containers of limited CPU time `cpu.max` holds "quota period" in microseconds, or "max period". */
function containerQuota(): number | undefined {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number);
    return quota > 0 && period > 0 ? Math.ceil(quota / period) : undefined;
  } catch {
    return undefined; // no such limits on this system
  }
}

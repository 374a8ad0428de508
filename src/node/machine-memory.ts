import { totalmem } from 'node:os';

/** Bytes of memory that this process may have at most: the machine's, or its container's limit. */
export function machineMemory(): number {
  // 0 or more than there is where no limit was set.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

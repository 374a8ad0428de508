// Threads that work on the same phase take its tasks off a common counter, and wait for each other at its end.

import { Control } from '../../src/backends/wasm/layout';
import { at, word } from './words';

// Sleeping is the platform's: V8 11.3, which is Node 20's, loses locals of a function over `memory.atomic.wait32` before it
// has optimised that.
declare function sleep(address: u32, expected: u32): void;
declare function wake(address: u32): void;

/** How often a waiting thread looks before it sleeps: some fifty microseconds. */
const looks = 20000;

/** The number of a task that no thread has taken. */
export function takeTask(control: u32): u32 {
  return atomic.add<u32>(at(control, Control.next), 1);
}

/** Returns when all threads are here; the next phase's tasks are then there to be taken. */
export function meet(control: u32): void {
  const roundAt = at(control, Control.round);
  const round = atomic.load<u32>(roundAt);
  if (atomic.add<u32>(at(control, Control.arrived), 1) + 1 === word(control, Control.threads)) {
    atomic.store<u32>(at(control, Control.arrived), 0);
    atomic.store<u32>(at(control, Control.next), 0);
    atomic.store<u32>(roundAt, round + 1);
    if (atomic.load<u32>(at(control, Control.asleep)) > 0) wake(roundAt);
    return;
  }
  for (let look = 0; look < looks; look++) if (atomic.load<u32>(roundAt) !== round) return;
  // Whoever ends the round sees that this thread sleeps, or this thread sees that the round has ended.
  atomic.add<u32>(at(control, Control.asleep), 1);
  while (atomic.load<u32>(roundAt) === round) sleep(roundAt, round);
  atomic.sub<u32>(at(control, Control.asleep), 1);
}

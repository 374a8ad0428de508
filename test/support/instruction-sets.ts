import { describe, test } from '@jest/globals';
import { DeviceError } from '../../src/errors.js';
import { openNative } from '../../src/node/devices/native.js';

/** What the native backend has kernels for, the best first. */
export const instructionSets = ['avx512', 'avx2', 'neon', 'portable'] as const;
export type InstructionSet = (typeof instructionSets)[number];

/** Those that this processor runs. A failure of another kind is thrown: no addon is no reason to test nothing. */
export const runnableSets: readonly InstructionSet[] = instructionSets.filter((name) => {
  try {
    openNative(1, name).destroy();
    return true;
  } catch (error) {
    if (error instanceof DeviceError && error.message.endsWith(`this processor cannot run ${name}.`))
      return false;
    throw error;
  }
});

/**
 * A `describe` for each instruction set. Those that this processor does not run are reported as skipped, under a name
 * that says so.
 */
export function describeInstructionSets(title: string, body: (set: InstructionSet) => void): void {
  for (const set of instructionSets) {
    if (runnableSets.includes(set)) {
      describe(`${title}, ${set}`, () => {
        body(set);
      });
    } else {
      describe(`${title}, ${set} (this processor does not run it)`, () => {
        test.skip('agrees', () => undefined);
      });
    }
  }
}

import { UsageError, type Profile, type Program } from 'vitrine';
import { measure, median, type Patience } from './statistics.js';

/** What measuring every step of a plan gave, several times. */
export interface Profiled {
  /** For each run, the milliseconds of each step. */
  readonly runs: readonly (readonly number[])[];
  readonly clock: NonNullable<Profile['clock']> | undefined;
}

/** @returns undefined if the backend cannot measure single steps */
export async function profileSteps(
  program: Program,
  inputs: Readonly<Record<string, Float32Array>>,
  patience: Patience,
): Promise<Profiled | undefined> {
  try {
    const { results } = await measure(() => program.profile(inputs), patience);
    return { runs: results.map(({ milliseconds }) => milliseconds), clock: results[0].clock };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Of each step, the median of all runs. */
export function stepMedians(runs: Profiled['runs']): number[] {
  return runs[0].map((_, step) => median(runs.map((run) => run[step])));
}

export function clockInWords(clock: Profiled['clock']): string {
  if (clock === 'timestamps') return "the device's own timestamps";
  return clock === undefined ? 'the clock of the backend' : "the host's clock around each step";
}

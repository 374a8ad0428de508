import { UsageError, type Profile, type Program, type Step } from 'vitrine';
import { measure, median, type Patience } from './statistics.js';

/** What measuring every step of a plan gave, several times. */
export interface Profiled {
  readonly steps: readonly Step[];
  /** For each run, the milliseconds of each step. */
  readonly runs: readonly (readonly number[])[];
  readonly clock: NonNullable<Profile['clock']> | 'its own clock';
}

/** @returns undefined if the backend cannot measure single steps */
export async function profileSteps(
  program: Program,
  inputs: Readonly<Record<string, Float32Array>>,
  patience: Patience,
): Promise<Profiled | undefined> {
  try {
    // Times alone are kept: the results of all runs would fill the memory.
    const { results } = await measure(
      async (): Promise<Pick<Profiled, 'clock'> & Pick<Profile, 'milliseconds'>> => {
        const { milliseconds, clock = 'its own clock' } = await program.profile(inputs);
        return { milliseconds, clock };
      },
      patience,
    );
    const runs = results.map(({ milliseconds }) => milliseconds);
    return { steps: program.plan.steps, runs, clock: results[0].clock };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Of each step, the median of all runs. */
export function stepMedians({ steps, runs }: Profiled): number[] {
  return steps.map((_, step) => median(runs.map((run) => run[step])));
}

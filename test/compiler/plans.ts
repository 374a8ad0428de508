import { expect } from '@jest/globals';
import * as v from '../../src/index.js';

/** Everything that steps can do beside what they are for. */
export const allFusions: ReadonlySet<v.Fusion> = new Set([
  'scale',
  'gelu',
  'geluGradient',
  'residual',
  'softmax',
  'strides',
  'made',
] as const);

export type Outputs = Readonly<Record<string, v.Tensor>>;

/** Runs a plan in float64. */
export async function runPlan(
  plan: v.Plan,
  inputs: Readonly<Record<string, v.Values>>,
): Promise<Record<string, v.Values>> {
  const program = new v.Program(plan, await new v.ReferenceBackend(allFusions).load(plan));
  return program.run(inputs);
}

/**
 * Expects two plans to give the same, within 1e-12 of the largest value of each output: float64's own rounding. An output
 * that is left of numbers which cancel has the rounding of those; inputs are of the order of 1, and so mostly are they.
 */
export async function expectEqualPlans(
  plan: v.Plan,
  plain: v.Plan,
  inputs: Readonly<Record<string, v.Values>>,
): Promise<void> {
  const [actual, expected] = await Promise.all([plan, plain].map((either) => runPlan(either, inputs)));
  for (const [name, values] of Object.entries(expected)) {
    expect(actual[name]).toHaveLength(values.length);
    let [largest, apart] = [0, 0];
    values.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value));
      // Where both are NaN, as a root of a negative number is, they agree.
      if (!Object.is(value, actual[name][i])) apart = Math.max(apart, Math.abs(value - actual[name][i]));
    });
    expect(apart).toBeLessThanOrEqual(1e-12 * Math.max(1, largest));
  }
}

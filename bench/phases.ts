import type { Step } from 'vitrine';
import { nameOf, shapeOf } from './step-work.js';

export const phases = ['forward', 'backward', 'rollout'] as const;
export type Phase = (typeof phases)[number];

/**
 * Which part of an explanation each step belongs to. The plan does not say; but the choice of the class to explain,
 * the first `largestMask`, divides forward from backward, and what a plan of the gradients alone does not have is the
 * rollout's.
 * @param steps of forward, attention gradients and gradient rollout, explaining a rank of the prediction
 * @param gradientSteps of forward and attention gradients
 */
export function phasesOf(steps: readonly Step[], gradientSteps: readonly Step[]): Phase[] {
  const choice = firstChoice(steps);
  const left = new Map<string, number>();
  for (const step of gradientSteps.slice(firstChoice(gradientSteps))) {
    const key = keyOf(step);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return steps.map((step, index) => {
    if (index < choice) return 'forward';
    const count = left.get(keyOf(step)) ?? 0;
    left.set(keyOf(step), count - 1);
    return count > 0 ? 'backward' : 'rollout';
  });
}

function firstChoice(steps: readonly Step[]): number {
  const index = steps.findIndex(({ kind }) => kind === 'largestMask');
  return index < 0 ? steps.length : index;
}

function keyOf(step: Step): string {
  return `${nameOf(step)} ${shapeOf(step)}`;
}

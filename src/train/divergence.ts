import type { StepResult } from './trainer.js';
import type { TrainingState } from './state.js';

/** Why a step shows that a training diverged, for the middle of a sentence; undefined if it does not. */
export function whyStepDiverged({ loss, gradientNorm }: StepResult): string | undefined {
  const complaints = [
    ...(Number.isFinite(loss) ? [] : [`the loss is ${loss}`]),
    ...(Number.isFinite(gradientNorm) ? [] : [`the norm of the gradients is ${gradientNorm}`]),
  ];
  return complaints.length === 0 ? undefined : complaints.join(' and ');
}

/** The same of a test: NaN and infinities are no loss of any image. */
export function whyTestDiverged({ loss }: { readonly loss: number }): string | undefined {
  return Number.isFinite(loss) ? undefined : `the loss on images for validation is ${loss}`;
}

/** The same of a state: a step that is finite itself may leave numbers behind that are not. */
export function whyStateDiverged(state: TrainingState): string | undefined {
  for (const [name, { values }] of state) {
    // As a checkpoint holds it.
    const wrong = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (wrong >= 0) return `"${name}" holds ${Math.fround(values[wrong])}`;
  }
  return undefined;
}

import { anObject, expectParts, listOf } from '../given.js';
import { sizeOf } from '../tensor/index.js';
import type { Plan } from './plan.js';

/**
 * Multiply-adds of all products of a plan: what nearly all of a model's time goes into. Element-wise steps, softmax
 * and normalisation are not counted.
 */
export function multiplyAdds(plan: Plan): number {
  expectParts('multiplyAdds: the plan', plan, { steps: listOf('steps, as buildPlan gives them', anObject) });
  const { rounds = 1, steps } = plan;
  const ofRound = steps.reduce((sum, step) => {
    if (step.kind !== 'matmul') return sum;
    const [a] = step.inputs;
    return sum + sizeOf(step.output.shape) * a.shape[a.shape.length - 1];
  }, 0);
  return rounds * ofRound;
}

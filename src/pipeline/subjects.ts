import { explained, targetInput, type Explained, type Pass, type TargetInput } from '../explain/index.js';
import type { RunSize } from './map-plan.js';

/** The targets of a pass: inputs of its program, and the pass together with each. */
export interface Subjects {
  readonly targets: readonly TargetInput[];
  readonly subjects: readonly Explained[];
}

/**
 * @param name of the inputs, before their number
 * @param count how many targets there are
 */
export function subjectsOf(pass: Pass, name: string, count: number, size: RunSize): Subjects {
  const { features = false, score } = size;
  const targets = Array.from({ length: count }, (_, target) =>
    targetInput(`${name}.${target}`, pass.logits, size),
  );
  const subjects = targets.map(({ seed, scoreOf }) => {
    const ofLogit = explained(pass, seed, { scoreOf, features });
    return score === 'log-probability' ? ofLogit.ofLogProbability() : ofLogit;
  });
  return { targets, subjects };
}

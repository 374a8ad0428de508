import type { ComputedMap, ExplainedPicture } from '../pipeline/index.js';

/**
 * Without the maps of classes that nobody named and that are hardly probable: which those are is known after the run. The most
 * probable one is there in any case.
 * @param least probability of what is kept
 */
export function withProbable(explained: ExplainedPicture, least: number): ExplainedPicture {
  const { logits, maps } = explained;
  const scores = Array.from(logits);
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  const isShown = ({ target }: ComputedMap): boolean => {
    if (target?.kind !== 'class') return true;
    const logit = scores[target.index];
    return logit === highest || Math.exp(logit - highest) / total > least;
  };
  return { logits, maps: maps.filter(isShown) };
}

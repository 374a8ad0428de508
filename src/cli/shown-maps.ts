import type { ComputedMap, ExplainedPicture } from '../pipeline/index.js';

/**
 * Of each map whether it is shown: those of classes that nobody named and that are hardly probable are not. Which those are is known
 * after the run. The most probable one is shown in any case.
 * @param least probability that is not enough
 */
export function areShown({ logits, maps }: ExplainedPicture, least: number): readonly boolean[] {
  const scores = Array.from(logits);
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return maps.map(({ target }: ComputedMap): boolean => {
    if (target?.kind !== 'class') return true;
    const logit = scores[target.index];
    return logit === highest || Math.exp(logit - highest) / total > least;
  });
}

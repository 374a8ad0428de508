import type { TrainConfig } from './config.js';

/**
 * The learning rate of a step, counted from 0: a straight rise, then half a cosine down to the final rate.
 * Source of the cosine: Loshchilov and Hutter, "SGDR", 2017, equation 5.
 */
export function learningRateAt(
  step: number,
  { steps, warmup, learningRate, finalLearningRate }: TrainConfig,
): number {
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  return finalLearningRate + ((learningRate - finalLearningRate) * (1 + Math.cos(Math.PI * progress))) / 2;
}

import type { Measure } from '../measure.js';

/**
 * Area between perturbation curves of the probability, the mean over steps of what is left when the least relevant patches are
 * gone, less what is left when the most relevant are. Both curves end where they began, so that it is insertion less deletion.
 * Source: Schulz et al., "Restricting the Flow: Information Bottlenecks for Attribution", ICLR 2020.
 */
export const abpcMeasure: Measure = {
  name: 'abpc',
  better: 'higher',
  needs: 'patches',
  help: 'mean gap between the curves of the probability, least and most relevant patches first',
  digits: 3,
  of({ patches }) {
    if (!patches || patches.mostFirst.length < 2) return undefined;
    const { mostFirst, leastFirst } = patches;
    let sum = 0;
    for (let step = 1; step < mostFirst.length; step++) {
      const [least, most] = [leastFirst[step].probability, mostFirst[step].probability];
      if (least === undefined || most === undefined) return undefined;
      sum += least - most;
    }
    return sum / (mostFirst.length - 1);
  },
};

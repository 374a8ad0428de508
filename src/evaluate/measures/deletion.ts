import { areaUnder } from '../curves.js';
import type { Measure } from '../measure.js';

/**
 * Deletion: the mean probability of the class while patches are taken away, the most relevant first. A map that is right takes
 * away what matters soon.
 * Source: Petsiuk et al., "RISE", BMVC 2018; here patches become the mean colour that the model was trained with, 0 after
 * normalisation.
 */
export const deletionMeasure: Measure = {
  name: 'deletion',
  better: 'lower',
  needs: 'patches',
  help: 'mean probability of the class while the most relevant patches go first',
  digits: 3,
  of: ({ patches }) => areaUnder(patches?.mostFirst.map(({ probability }) => probability) ?? []),
};

import { areaUnder } from '../curves.js';
import type { Measure } from '../measure.js';

/**
 * Insertion: the mean probability of the class while patches are put into an empty picture, the most relevant first; read
 * backwards, while they are taken away, the least relevant first.
 * Source: Petsiuk et al., "RISE", BMVC 2018.
 */
export const insertionMeasure: Measure = {
  name: 'insertion',
  better: 'higher',
  needs: 'patches',
  help: 'mean probability of the class while the most relevant patches come first into an empty picture',
  digits: 3,
  of: ({ patches }) => areaUnder(patches?.leastFirst.map(({ probability }) => probability) ?? []),
};

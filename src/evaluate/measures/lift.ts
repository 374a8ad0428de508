import type { Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsOf } from '../object.js';
import type { Saliency } from '../saliency.js';
import { energy } from './energy.js';

/**
 * How many times more energy lies on the object than a uniform map would put there: `sum(S M) / mean(M)`.
 * @returns undefined for an empty mask
 * @throws ShapeError if the mask does not fit the map or holds a value outside 0..1
 */
export function lift(map: Saliency, mask: Mask): number | undefined {
  const found = energy(map, mask);
  const covered = factsOf(mask).area / mask.values.length;
  return covered === 0 ? undefined : found / covered;
}

export const liftMeasure: Measure = {
  name: 'lift',
  better: 'higher',
  needs: 'masks',
  help: 'how many times more heat lies on the object than a uniform map would put there',
  digits: 2,
  of: ({ located }) => located && lift(located.saliency, located.object),
};

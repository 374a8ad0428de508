import type { Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsBeside } from '../object.js';
import type { Saliency } from '../saliency.js';

/**
 * Share of the map's energy that lies on the object, the saliency-map mask metric (SMM): `sum(S M)`. In 0..1.
 * It grows with the object, so compare it with the energy of the baselines, or take `lift`.
 * Source: Wang et al., "Score-CAM", 2020, as the "energy-based pointing game".
 * @throws ShapeError if the mask does not fit the map or holds a value outside 0..1
 */
export function energy(map: Saliency, mask: Mask): number {
  const { covered, shares } = factsBeside(map, mask);
  const { values, sum = 1 } = map;
  let found = 0;
  for (let i = 0; i < covered.length; i++) found += values[covered[i]] * shares[i];
  return sum > 0 ? found / sum : 0;
}

export const energyMeasure: Measure = {
  name: 'energy',
  better: 'higher',
  needs: 'masks',
  help: 'share of the heat that lies on the object (SMM)',
  digits: 3,
  of: ({ located }) => located && energy(located.saliency, located.object),
};

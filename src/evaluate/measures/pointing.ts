import { isInside, type Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsBeside } from '../object.js';
import { highestOf, isFlat, type Saliency } from '../saliency.js';

/**
 * The pointing game: does the highest pixel lie on the object? Among equals the first pixel, row by row, is taken;
 * a constant map points nowhere and is a miss. On a soft edge a pixel counts as the object's from 0.5 on.
 * Source: Zhang et al., "Top-down Neural Attention by Excitation Backprop", 2016.
 * @returns undefined if no pixel is on the object
 * @throws ShapeError if the mask does not fit the map or holds a value outside 0..1
 */
export function pointsAt(map: Saliency, mask: Mask): boolean | undefined {
  const { inside, covered } = factsBeside(map, mask);
  if (inside === 0) return undefined;
  const { values } = map;
  const highest = highestOf(map);
  // Most maps that miss show it on the object's own pixels, which are few.
  if (!reaches(values, covered, highest)) return false;
  return !isFlat(values) && isInside(mask, values.indexOf(highest));
}

function reaches(values: Float64Array, places: Uint32Array, level: number): boolean {
  for (let i = 0; i < places.length; i++) if (values[places[i]] === level) return true;
  return false;
}

export const pointingMeasure: Measure = {
  name: 'pointing',
  better: 'higher',
  needs: 'masks',
  help: 'how often the hottest pixel lies on the object',
  digits: 3,
  of({ located }) {
    const hit = located && pointsAt(located.saliency, located.object);
    return hit === undefined ? undefined : Number(hit);
  },
};

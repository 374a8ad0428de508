import { isInside, type Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsBeside } from '../object.js';
import type { Saliency } from '../saliency.js';

/**
 * Intersection over union of the object with as many of the map's highest pixels as the object has. On a soft
 * edge a pixel counts as the object's from 0.5 on. Pixels that tie for the last places share them: the
 * intersection is what choosing among them at random gives on average, so that a flat map scores by chance and
 * not by the order of its pixels. In 0..1.
 * @returns undefined for an empty mask
 * @throws ShapeError if the mask does not fit the map or holds a value outside 0..1
 */
export function topPixelsIou(map: Saliency, mask: Mask): number | undefined {
  const { inside: size } = factsBeside(map, mask);
  if (size === 0) return undefined;
  const { values } = map;
  const threshold = largest(values, size);
  let [above, aboveInside, tied, tiedInside] = [0, 0, 0, 0];
  for (let pixel = 0; pixel < values.length; pixel++) {
    if (values[pixel] < threshold) continue;
    const inside = isInside(mask, pixel) ? 1 : 0;
    if (values[pixel] > threshold) {
      above += 1;
      aboveInside += inside;
    } else {
      tied += 1;
      tiedInside += inside;
    }
  }
  const intersection = aboveInside + ((size - above) / tied) * tiedInside;
  return intersection / (2 * size - intersection);
}

const BINS = 4096;

/**
 * The value that the `rank`-th of the largest has, the first being 1. Values are counted by size first, so that only those few
 * which are about as large are sorted: a fifteenth of the time of sorting all.
 */
function largest(values: Float64Array, rank: number): number {
  let highest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > highest) highest = values[i];
  if (highest === 0) return 0;
  const scale = BINS / highest;
  const counts = new Uint32Array(BINS + 2);
  for (let i = 0; i < values.length; i++) counts[(values[i] * scale) | 0]++;
  // Rounding may put the highest one bin beyond the last.
  let [bin, before] = [BINS + 1, 0];
  while (before + counts[bin] < rank) before += counts[bin--];
  const alike = new Float64Array(counts[bin]);
  for (let i = 0, found = 0; i < values.length; i++) {
    if (((values[i] * scale) | 0) === bin) alike[found++] = values[i];
  }
  return alike.sort()[alike.length - (rank - before)];
}

export const iouMeasure: Measure = {
  name: 'iou',
  better: 'higher',
  needs: 'masks',
  help: 'overlap of the object with as many of the hottest pixels',
  digits: 3,
  of: ({ located }) => located && topPixelsIou(located.saliency, located.object),
};

import { isInside, type Mask } from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsBeside } from '../object.js';
import { highestOf, isFlat, type Saliency } from '../saliency.js';

/**
 * Intersection over union of the object with as many of the map's highest pixels as the object has. On a soft
 * edge a pixel counts as the object's from 0.5 on. Pixels that tie for the last places share them: the
 * intersection is what choosing among them at random gives on average, so that a flat map scores by chance and
 * not by the order of its pixels. In 0..1.
 * @returns undefined for an empty mask
 * @throws ShapeError if the mask does not fit the map or holds a value outside 0..1
 */
export function topPixelsIou(map: Saliency, mask: Mask): number | undefined {
  const { inside: size, covered } = factsBeside(map, mask);
  if (size === 0) return undefined;
  const { values } = map;
  const { threshold, above, tied } = largest(map, size);
  let [aboveInside, tiedInside] = [0, 0];
  for (let i = 0; i < covered.length; i++) {
    const value = values[covered[i]];
    if (value < threshold || !isInside(mask, covered[i])) continue;
    if (value > threshold) aboveInside++;
    else tiedInside++;
  }
  const intersection = aboveInside + ((size - above) / tied) * tiedInside;
  return intersection / (2 * size - intersection);
}

const BINS = 4096;

/** How many values are of a size; rounding may put the highest one bin beyond the last. */
const counts = new Uint32Array(BINS + 2);

/**
 * The value that the `rank`-th of the largest has, the first being 1, how many are above it, and how many are as large. Those which
 * may be that large are counted by size, so that only the few that are about as large are sorted: a thirtieth of the time of sorting
 * all.
 */
function largest(map: Saliency, rank: number): { threshold: number; above: number; tied: number } {
  const highest = highestOf(map);
  if (highest === 0) return { threshold: 0, above: 0, tied: map.values.length };
  const scale = BINS / highest;
  const values = largeOnes(map.values, scale, rank);
  if (isFlat(values)) return { threshold: values[0], above: 0, tied: values.length };
  count(values, 1, scale);
  const { bin, above } = binOf(rank);
  const alike = new Float64Array(counts[bin]);
  takeBin(values, scale, bin, alike);
  if (!isFlat(alike)) alike.sort();
  const threshold = alike[alike.length - (rank - above)];
  const [first, last] = [alike.indexOf(threshold), alike.lastIndexOf(threshold)];
  return { threshold, above: above + alike.length - 1 - last, tied: last + 1 - first };
}

/** How many values are of a size, of every so many. */
function count(values: Float64Array, step: number, scale: number): void {
  counts.fill(0);
  for (let i = 0; i < values.length; i += step) counts[(values[i] * scale) | 0]++;
}

/** Where the `rank`-th of those that were counted lies, and how many are in the bins above. */
function binOf(rank: number): { bin: number; above: number } {
  let [bin, above] = [BINS + 1, 0];
  while (above + counts[bin] < rank) above += counts[bin--];
  return { bin, above };
}

function takeBin(values: Float64Array, scale: number, bin: number, into: Float64Array): void {
  for (let i = 0, found = 0; found < into.length; i++) {
    if (((values[i] * scale) | 0) === bin) into[found++] = values[i];
  }
}

/** One value of so many tells how large they are: no divisor of the width of a usual picture, so that all columns are looked at. */
const SAMPLED = 151;

/** The `rank` largest, and some more that a sample did not tell from them; they are no more when it is asked again. */
function largeOnes(values: Float64Array, scale: number, rank: number): Float64Array {
  count(values, SAMPLED, scale);
  const expected = rank / SAMPLED;
  // Three standard deviations of what chance puts into a sample.
  const enough = Math.ceil(expected + 3 * Math.sqrt(expected)) + 1;
  const { bin } = binOf(Math.min(enough, Math.ceil(values.length / SAMPLED)));
  if (room.length < values.length) room = new Float64Array(values.length);
  const found = collect(values, bin / scale, room);
  return found < rank ? values : room.subarray(0, found);
}

/** New memory for each map would take longer than what is done in it. */
let room = new Float64Array(0);

/** Four at a time, since mostly none of them is large enough. */
function collect(values: Float64Array, bound: number, into: Float64Array): number {
  const { length } = values;
  let found = 0;
  for (let i = length % 4; i < length; i += 4) {
    const a = values[i];
    const b = values[i + 1];
    const c = values[i + 2];
    const d = values[i + 3];
    if (a < bound && b < bound && c < bound && d < bound) continue;
    if (a >= bound) into[found++] = a;
    if (b >= bound) into[found++] = b;
    if (c >= bound) into[found++] = c;
    if (d >= bound) into[found++] = d;
  }
  for (let i = 0; i < length % 4; i++) if (values[i] >= bound) into[found++] = values[i];
  return found;
}

export const iouMeasure: Measure = {
  name: 'iou',
  better: 'higher',
  needs: 'masks',
  help: 'overlap of the object with as many of the hottest pixels',
  digits: 3,
  of: ({ located }) => located && topPixelsIou(located.saliency, located.object),
};

import { ShapeError } from '../../errors.js';
import type { PatchGrid } from '../../geometry.js';
import { isInside, type Mask, type PatchMap } from '../../image/index.js';
import { checkMap } from '../../image/given.js';
import type { Measure } from '../measure.js';
import { factsOf } from '../object.js';

/**
 * Average precision of pixels: each has its patch's value, and they are taken from the highest value down. The precision at each
 * place where the value changes, weighted by how much of the object came with it:
 *
 *   AP = sum over values v, highest first, of (recall(v) - recall(before v)) precision(v)
 *
 * Only the order of patches counts, signed values included, so that no sharpening, squaring or rectifying of what is above 0
 * changes it. A constant map scores the share of the picture that the object covers. In 0..1.
 * Source: scikit-learn, `average_precision_score`.
 * @returns undefined for an empty mask
 * @throws ShapeError if a value of the map is not finite, or the mask holds one outside 0..1
 */
export function averagePrecision(map: PatchMap, mask: Mask): number | undefined {
  checkMap('averagePrecision', map);
  const { inside: object } = factsOf(mask);
  if (object === 0) return undefined;
  const { values } = map;
  const sorted = new Float64Array(values.length);
  for (let patch = 0; patch < values.length; patch++) {
    if (!Number.isFinite(values[patch])) {
      throw new ShapeError('A map with values that are not finite has no order.');
    }
    sorted[patch] = values[patch];
  }
  const { all, inside } = pixelsOf(mask, map.grid);
  // Sorted without their places, which takes a fifth of the time, and looked up again.
  sorted.sort();
  const [came, hit] = [new Uint32Array(sorted.length), new Uint32Array(sorted.length)];
  for (let patch = 0; patch < values.length; patch++) {
    const place = placeOf(values[patch], sorted);
    came[place] += all[patch];
    hit[place] += inside[patch];
  }
  let [taken, found, average] = [0, 0, 0];
  for (let place = sorted.length - 1; place >= 0; place--) {
    taken += came[place];
    found += hit[place];
    if (hit[place] > 0) average += (hit[place] / object) * (found / taken);
  }
  return average;
}

/** Where the first of those that are as large stands. */
function placeOf(value: number, sorted: Float64Array): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Pixels {
  readonly rows: number;
  readonly columns: number;
  /** How many pixels each patch has, and how many of them are the object's. */
  readonly all: Uint32Array;
  readonly inside: Uint32Array;
}

/** A mask is measured against by every map, and counted once for a grid. */
const known = new WeakMap<Mask, Pixels>();

/** A pixel belongs to the patch that its centre lies in. */
function pixelsOf(mask: Mask, [rows, columns]: PatchGrid): Pixels {
  const found = known.get(mask);
  if (found?.rows === rows && found.columns === columns) return found;
  const { width, height } = mask;
  const [all, inside] = [new Uint32Array(rows * columns), new Uint32Array(rows * columns)];
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const patch = row + Math.floor(((x + 0.5) * columns) / width);
      all[patch]++;
      if (isInside(mask, y * width + x)) inside[patch]++;
    }
  }
  const pixels = { rows, columns, all, inside };
  known.set(mask, pixels);
  return pixels;
}

export const averagePrecisionMeasure: Measure = {
  name: 'ap',
  better: 'higher',
  needs: 'masks',
  help: 'average precision of pixels by the order of patches, which no sharpening changes',
  digits: 3,
  of: ({ map, located }) => located && averagePrecision(map, located.object),
};

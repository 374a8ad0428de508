import { ShapeError } from '../errors.js';
import { expectParts, numberArray, wholeNumber } from '../given.js';
import { isInside, type Mask } from '../image/index.js';
import type { Saliency } from './saliency.js';

/** What is known of a mask once it was looked at. */
export interface MaskFacts {
  /** The sum of its values: how many pixels it covers. */
  readonly area: number;
  /** Pixels that belong to it: on a soft edge, from 0.5 on. */
  readonly inside: number;
  /** Those that are above 0, by their places, in rising order: what is measured on the object need not look at the others. */
  readonly covered: Uint32Array;
  /** What each of them is, in 0..1. */
  readonly shares: Float64Array;
}

/** A mask is measured against by every map, and looked at once. */
const known = new WeakMap<Mask, MaskFacts>();

const anExtent = wholeNumber(1);

/** @throws ShapeError unless the mask has as many pixels as its size says, all in 0..1 */
export function factsOf(mask: Mask): MaskFacts {
  const found = known.get(mask);
  if (found) return found;
  expectParts('The mask', mask, { width: anExtent, height: anExtent, values: numberArray });
  const { width, height, values } = mask;
  if (values.length !== width * height) {
    throw new ShapeError(
      `A mask of ${width}x${height} pixels has ${values.length} values; give it one a pixel.`,
    );
  }
  let [area, inside, covers] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) {
      throw new ShapeError(`Value ${i} of the mask is ${values[i]}; expected 0 (outside) to 1 (inside).`);
    }
    area += values[i];
    if (isInside(mask, i)) inside++;
    if (values[i] > 0) covers++;
  }
  const covered = new Uint32Array(covers);
  for (let i = 0, next = 0; i < values.length; i++) if (values[i] > 0) covered[next++] = i;
  const shares = new Float64Array(covers);
  for (let i = 0; i < covers; i++) shares[i] = values[covered[i]];
  const facts = { area, inside, covered, shares };
  known.set(mask, facts);
  return facts;
}

/** @throws ShapeError if the mask is none, or not of the map's size */
export function factsBeside(map: Saliency, mask: Mask): MaskFacts {
  expectParts('The map', map, { width: anExtent, height: anExtent, values: numberArray });
  const facts = factsOf(mask);
  if (mask.width === map.width && mask.height === map.height) return facts;
  throw new ShapeError(
    `A mask of ${mask.width}x${mask.height} pixels does not fit a map of ${map.width}x${map.height} pixels.`,
  );
}

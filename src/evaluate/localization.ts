import { ShapeError } from '../errors.js';
import { expectParts, numberArray, wholeNumber } from '../given.js';
import { area, isInside, type Mask } from '../image/index.js';
import type { Saliency } from './saliency.js';

/*
 * How well a map S, upsampled to pixels and with sum 1, finds the object that a mask M in 0..1 shows. A measure
 * that has no meaning for the given map and mask is undefined, and does not enter a mean over pictures.
 * All throw ShapeError if the mask does not fit the map or holds a value outside 0..1.
 */

/**
 * Share of the map's energy that lies on the object, the saliency-map mask metric (SMM): `sum(S M)`. In 0..1.
 * It grows with the object, so compare it with the energy of the baselines, or take `lift`.
 * Source: Wang et al., "Score-CAM", 2020, as the "energy-based pointing game".
 */
export function energy(map: Saliency, mask: Mask): number {
  checkMask(map, mask);
  return map.values.reduce((sum, value, pixel) => sum + value * mask.values[pixel], 0);
}

/**
 * How many times more energy lies on the object than a uniform map would put there: `sum(S M) / mean(M)`.
 * @returns undefined for an empty mask
 */
export function lift(map: Saliency, mask: Mask): number | undefined {
  const found = energy(map, mask);
  const covered = area(mask) / mask.values.length;
  return covered === 0 ? undefined : found / covered;
}

/**
 * Intersection over union of the object with as many of the map's highest pixels as the object has. On a soft
 * edge a pixel counts as the object's from 0.5 on. Pixels that tie for the last places share them: the
 * intersection is what choosing among them at random gives on average, so that a flat map scores by chance and
 * not by the order of its pixels. In 0..1.
 * @returns undefined for an empty mask
 */
export function topPixelsIou(map: Saliency, mask: Mask): number | undefined {
  checkMask(map, mask);
  const pixels = map.values.length;
  const size = map.values.reduce((count, _, pixel) => count + Number(isInside(mask, pixel)), 0);
  if (size === 0) return undefined;
  const threshold = map.values.toSorted()[pixels - size];
  let [above, aboveInside, tied, tiedInside] = [0, 0, 0, 0];
  map.values.forEach((value, pixel) => {
    const inside = Number(isInside(mask, pixel));
    if (value > threshold) {
      above += 1;
      aboveInside += inside;
    } else if (value === threshold) {
      tied += 1;
      tiedInside += inside;
    }
  });
  const intersection = aboveInside + ((size - above) / tied) * tiedInside;
  return intersection / (2 * size - intersection);
}

/**
 * The pointing game: does the highest pixel lie on the object? Among equals the first pixel, row by row, is taken;
 * a constant map points nowhere and is a miss. On a soft edge a pixel counts as the object's from 0.5 on.
 * Source: Zhang et al., "Top-down Neural Attention by Excitation Backprop", 2016.
 * @returns undefined if no pixel is on the object
 */
export function pointsAt(map: Saliency, mask: Mask): boolean | undefined {
  checkMask(map, mask);
  if (!map.values.some((_, pixel) => isInside(mask, pixel))) return undefined;
  const highest = map.values.reduce((left, right) => Math.max(left, right));
  if (map.values.every((value) => value === highest)) return false;
  return isInside(mask, map.values.indexOf(highest));
}

/**
 * Of the energy on either of two objects, the share on the explained one: 0.5 for a map that does not tell them
 * apart (and weighs both equally), 1 for one that sees the explained object alone.
 * @returns undefined if there is no energy on either
 */
export function discrimination(map: Saliency, explained: Mask, other: Mask): number | undefined {
  const [own, foreign] = [energy(map, explained), energy(map, other)];
  return own + foreign === 0 ? undefined : own / (own + foreign);
}

const anExtent = wholeNumber(1);

/** @throws ShapeError unless the mask has as many pixels as its size says, all in 0..1, and the map's size */
function checkMask(map: Saliency, mask: Mask): void {
  for (const [what, given] of Object.entries({ map, mask })) {
    expectParts(`The ${what}`, given, { width: anExtent, height: anExtent, values: numberArray });
  }
  const { width, height, values } = mask;
  if (width !== map.width || height !== map.height || values.length !== width * height) {
    throw new ShapeError(
      `A mask of ${width}x${height} pixels with ${values.length} values does not fit ` +
        `a map of ${map.width}x${map.height} pixels.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= 0 && values[i] <= 1)) {
      throw new ShapeError(`Value ${i} of the mask is ${values[i]}; expected 0 (outside) to 1 (inside).`);
    }
  }
}

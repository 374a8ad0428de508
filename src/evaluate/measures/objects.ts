import {
  findRegions,
  isInside,
  levelOf,
  type Mask,
  type PatchMap,
  type PixelArea,
  type Region,
  type Threshold,
  usualThreshold,
} from '../../image/index.js';
import type { Measure } from '../measure.js';
import { factsOf } from '../object.js';

/*
 * A map cut at the usual threshold, and its most certain object beside the one that is there. A map that is the same everywhere
 * says that all of the picture is object, and one that is nowhere above 0 that nothing is; an empty mask is no object.
 */

/** Intersection over union of the smallest rectangles around the object found and the object. In 0..1 */
export function boxIou(map: PatchMap, mask: Mask, threshold = usualThreshold): number | undefined {
  factsOf(mask);
  const box = boxOf(mask);
  const found = objectOf(map, mask, threshold);
  if (box === undefined) return undefined;
  return found === undefined ? 0 : iouOfBoxes(found.box, box);
}

/** Intersection over union of their pixels; on a soft edge, a pixel is the object's from 0.5 on. In 0..1 */
export function maskIou(map: PatchMap, mask: Mask, threshold = usualThreshold): number | undefined {
  const { inside } = factsOf(mask);
  const found = objectOf(map, mask, threshold);
  if (inside === 0) return undefined;
  if (found === undefined) return 0;
  let both = 0;
  for (const { x, top, bottom } of found.runs) {
    for (let y = top; y < bottom; y++) if (isInside(mask, y * mask.width + x)) both++;
  }
  return both / (inside + found.area - both);
}

/** The most certain object of a map that covers all of the mask's picture. */
function objectOf(map: PatchMap, { width, height }: Mask, threshold: Threshold): Region | undefined {
  const size = { width, height };
  const level = levelOf(map, threshold) ?? Math.max(...Array.from(map.values));
  if (!(level > 0)) return undefined;
  return findRegions(map, { original: size, resized: size, crop: { x: 0, y: 0, ...size } }, level).at(0);
}

function boxOf(mask: Mask): PixelArea | undefined {
  const { width, height } = mask;
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isInside(mask, y * width + x)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), y];
    }
  }
  if (right < 0) return undefined;
  return { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top };
}

function iouOfBoxes(a: PixelArea, b: PixelArea): number {
  const shared = (start: number, length: number, other: number, otherLength: number): number =>
    Math.max(0, Math.min(start + length, other + otherLength) - Math.max(start, other));
  const both = shared(a.x, a.width, b.x, b.width) * shared(a.y, a.height, b.y, b.height);
  return both / (a.width * a.height + b.width * b.height - both);
}

/** From here on a box is counted as right, as localisation without boxes to learn from is usually judged. */
const RIGHT = 0.5;

export const boxIouMeasure: Measure = {
  name: 'box-iou',
  better: 'higher',
  needs: 'objects',
  help: 'overlap of the box around the most certain object found with the box around the object',
  digits: 3,
  of: ({ map, located }) => located && boxIou(map, located.object),
};

export const maskIouMeasure: Measure = {
  name: 'mask-iou',
  better: 'higher',
  needs: 'objects',
  help: 'overlap of the most certain object found with the object',
  digits: 3,
  of: ({ map, located }) => located && maskIou(map, located.object),
};

/** Source: Choe et al., "Evaluating weakly supervised object localization methods right", 2020: `MaxBoxAcc`, but at one threshold. */
export const rightBoxMeasure: Measure = {
  name: 'right-box',
  better: 'higher',
  needs: 'objects',
  help: 'share of objects whose box is found, overlapping by half at least',
  digits: 3,
  of({ map, located }) {
    const overlap = located && boxIou(map, located.object);
    return overlap === undefined ? undefined : Number(overlap >= RIGHT);
  },
};

import { above0, aNumber, anObject, expectParts } from '../given.js';
import type { Size } from './picture.js';
import type { PixelArea } from './resize.js';

/** Where the model's input lies in the original picture: the original was resized, then cropped. Pixels. */
export interface Geometry {
  readonly original: Size;
  readonly resized: Size;
  /** In pixels of the resized picture. */
  readonly crop: PixelArea;
}

/** A rectangle whose edges need not fall between pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const extents = { width: above0, height: above0 };

/**
 * @param who asks
 * @throws UsageError for what does not say where a model's input lies
 */
export function checkGeometry(who: string, geometry: Geometry): void {
  const what = `${who}: the geometry`;
  expectParts(what, geometry, { original: anObject, resized: anObject, crop: anObject });
  expectParts(`${what}'s original`, geometry.original, extents);
  expectParts(`${what}'s resized`, geometry.resized, extents);
  expectParts(`${what}'s crop`, geometry.crop, { ...extents, x: aNumber, y: aNumber });
}

/**
 * The part of the original that the model saw.
 *
 * @param size in whose pixels it is counted: of the original, if left out, or of the original made smaller
 */
export function seenArea(geometry: Geometry, size: Size = geometry.original): Area {
  checkGeometry('seenArea', geometry);
  const { resized, crop } = geometry;
  const { width, height } = size;
  // Multiplied before divided: where nothing was cut off, the edges come out exact.
  return {
    left: (crop.x * width) / resized.width,
    top: (crop.y * height) / resized.height,
    right: ((crop.x + crop.width) * width) / resized.width,
    bottom: ((crop.y + crop.height) * height) / resized.height,
  };
}

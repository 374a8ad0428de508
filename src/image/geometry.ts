import type { Size } from './picture.js';
import type { Window } from './resize.js';

/** Where the model's input lies in the original picture: the original was resized, then cropped. Pixels. */
export interface Geometry {
  readonly original: Size;
  readonly resized: Size;
  /** In pixels of the resized picture. */
  readonly crop: Window;
}

/** A rectangle whose edges need not fall between pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The part of the original that the model saw.
 *
 * @param size in whose pixels it is counted: of the original, if left out, or of the original made smaller
 */
export function seenArea({ original, resized, crop }: Geometry, { width, height }: Size = original): Area {
  // Multiplied before divided: where nothing was cut off, the edges come out exact.
  return {
    left: (crop.x * width) / resized.width,
    top: (crop.y * height) / resized.height,
    right: ((crop.x + crop.width) * width) / resized.width,
    bottom: ((crop.y + crop.height) * height) / resized.height,
  };
}

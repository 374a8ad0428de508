import type { PixelArea } from './resize.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

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

/** The part of the original that the model saw, in pixels of the original. */
export function seenArea({ original, resized, crop }: Geometry): Area {
  // Multiplied before divided: where nothing was cut off, the edges come out exact.
  return {
    left: (crop.x * original.width) / resized.width,
    top: (crop.y * original.height) / resized.height,
    right: ((crop.x + crop.width) * original.width) / resized.width,
    bottom: ((crop.y + crop.height) * original.height) / resized.height,
  };
}

import type { Window } from './resize.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

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

/** The part of the original that the model saw, in pixels of the original. */
export function seenArea({ original, resized, crop }: Geometry): Area {
  const horizontal = original.width / resized.width;
  const vertical = original.height / resized.height;
  return {
    left: crop.x * horizontal,
    top: crop.y * vertical,
    right: (crop.x + crop.width) * horizontal,
    bottom: (crop.y + crop.height) * vertical,
  };
}

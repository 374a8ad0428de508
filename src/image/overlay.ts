import { type ColormapName, colormap } from './colormap.js';
import { checkGeometry, type Geometry } from './geometry.js';
import { checkMap, checkPicture } from './given.js';
import { layHeat } from './heat.js';
import type { Picture } from './picture.js';
import type { Range } from './upsample.js';

/** One value a patch, row by row from the top left. */
export interface PatchMap {
  /** [gh, gw] */
  readonly values: ArrayLike<number>;
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
}

export interface OverlayOptions {
  /** Default turbo. Signed maps take a diverging one (rdbu_r), whose middle stands for zero. */
  readonly colormap?: ColormapName;
  /** How much of the photograph the hottest place hides, 0..1. Default 0.75; of an opaque colour map, every place, and all of it. */
  readonly opacity?: number;
  /** What the colours stand for, where maps share a scale; the map's own range if left out: see `rangeOf`. */
  readonly range?: Range;
}

/**
 * Heat over the original photograph. The map is stretched to its own smallest and largest value (a diverging
 * colour map: symmetrically about zero), upsampled bilinearly between patch centres, and laid over the picture
 * through the inverse of crop and resize. The colour covers as much as it is hot: where the map is cold, the
 * photograph shows, slightly muted. What the crop cut off, the model has not seen: it is drawn dark and
 * colourless, behind a hairline.
 *
 * @param original the picture that `geometry` was computed for
 * @returns a picture of the same size, which is smaller than that of the geometry if the picture was decoded smaller
 * @throws UsageError if the opacity is not within 0..1 or the colour map is unknown
 * @throws ShapeError if map, grid, geometry and picture do not fit, or the map holds a value that is not finite
 */
export function overlay(
  original: Picture,
  map: PatchMap,
  geometry: Geometry,
  options: OverlayOptions = {},
): Picture {
  checkPicture('overlay', original);
  checkMap('overlay', map);
  checkGeometry('overlay', geometry);
  return layHeat(original, map, geometry, colormap(options.colormap ?? 'turbo'), options);
}

import { ShapeError, UsageError } from '../errors.js';
import { described, share } from '../given.js';
import { type ColormapName, colormap } from './colormap.js';
import { checkGeometry, type Geometry, seenArea } from './geometry.js';
import { checkMap, checkPicture } from './given.js';
import { originalSize, type Picture } from './picture.js';
import { UNSEEN_BRIGHTNESS, coverage, hairline, lumaOf } from './unseen.js';
import { rangeOf, samplePositions, scaleToUnit, type Range } from './upsample.js';

/** One value a patch, row by row from the top left. */
export interface PatchMap {
  /** [gh, gw] */
  readonly values: ArrayLike<number>;
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
}

// The photograph loses this share of its colour, or a green parrot would pass for a lukewarm patch.
const MUTE = 0.45;

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
  const { width, height, data } = original;
  const [rows, columns] = map.grid;
  const { table, diverging, opaque } = colormap(options.colormap ?? 'turbo');
  const { opacity = opaque ? 1 : 0.75 } = options;
  if (!share.fits(opacity))
    throw new UsageError(`The opacity ${described(opacity)} makes no sense: give a number from 0 to 1.`);
  checkFit(original, geometry);
  const alphas = opaque ? new Float64Array(256).fill(opacity) : alphaOfLevel(opacity, diverging);
  const own = rangeOf(map.values, diverging);
  const heat = scaleToUnit(map.values, options.range ?? own, diverging);
  const seen = seenArea(geometry, original);
  const acrossPatches = samplePositions(width, seen.left, seen.right, columns);
  const downPatches = samplePositions(height, seen.top, seen.bottom, rows);
  const acrossSeen = coverage(width, seen.left, seen.right);
  const downSeen = coverage(height, seen.top, seen.bottom);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const above = downPatches.first[y] * columns;
    const below = downPatches.second[y] * columns;
    const down = downPatches.weight[y];
    for (let x = 0; x < width; x++) {
      const left = acrossPatches.first[x];
      const right = acrossPatches.second[x];
      const across = acrossPatches.weight[x];
      const top = heat[above + left] + (heat[above + right] - heat[above + left]) * across;
      const bottom = heat[below + left] + (heat[below + right] - heat[below + left]) * across;
      const value = top + (bottom - top) * down;
      const level = (value * 255 + 0.5) | 0;
      const alpha = alphas[level];
      const seenShare = acrossSeen[x] * downSeen[y];
      const at = 3 * (y * width + x);
      const luma = lumaOf(data, at);
      const dark = UNSEEN_BRIGHTNESS * luma;
      for (let channel = 0; channel < 3; channel++) {
        const photo = data[at + channel] + (luma - data[at + channel]) * MUTE;
        const warm = photo + (table[3 * level + channel] - photo) * alpha;
        // Storing cuts the fraction off.
        result[at + channel] = dark + (warm - dark) * seenShare + 0.5;
      }
    }
  }
  hairline(result, width, height, seen);
  return { width, height, data: result };
}

/** How much the colour covers, for each of the 256 levels of the colour map. */
function alphaOfLevel(opacity: number, diverging: boolean): Float64Array {
  // Chosen by eye: below 1, so that lukewarm places still show. The pale middle of a diverging map needs more.
  const exponent = diverging ? 0.6 : 0.8;
  return Float64Array.from({ length: 256 }, (_, level) => {
    const strength = diverging ? Math.abs(level / 127.5 - 1) : level / 255;
    return opacity * strength ** exponent;
  });
}

function checkFit(original: Picture, geometry: Geometry): void {
  const [expected, given] = [geometry.original, originalSize(original)];
  if (expected.width !== given.width || expected.height !== given.height)
    throw new ShapeError(
      `The geometry is that of a picture of ${expected.width}x${expected.height}, but the picture is ${given.width}x${given.height}.`,
    );
}

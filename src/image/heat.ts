import { ShapeError, UsageError } from '../errors.js';
import { described, share } from '../given.js';
import type { Colormap } from './colormap.js';
import { type Geometry, seenArea } from './geometry.js';
import type { OverlayOptions, PatchMap } from './overlay.js';
import { originalSize, type Picture } from './picture.js';
import { UNSEEN_BRIGHTNESS, coverage, hairline, lumaOf } from './unseen.js';
import { rangeOf, samplePositions, scaleToUnit } from './upsample.js';

// The photograph loses this share of its colour, or a green parrot would pass for a lukewarm patch.
const MUTE = 0.45;

/** The colours of a colour map, wherever they come from. */
export type Colours = Pick<Colormap, 'table' | 'diverging' | 'opaque'>;

/** What `overlay` does, with colours that are at hand. */
export function layHeat(
  original: Picture,
  map: PatchMap,
  geometry: Geometry,
  { table, diverging, opaque }: Colours,
  options: Pick<OverlayOptions, 'opacity' | 'range'>,
): Picture {
  const { width, height, data } = original;
  const [rows, columns] = map.grid;
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

import { ImageError } from '../../errors.js';
import type { Size } from '../../image/picture.js';
import { damaged } from './refusals.js';

/** A picture of up to so many pixels is decoded as it is, which takes up to about 20 bytes a pixel. */
export const LARGEST_WHOLE = 100_000_000;
/** A larger one is decoded at a size of at most so many. */
const LARGEST_REDUCED = 50_000_000;
/**
 * Its sides are then no shorter than this: eight times what a model takes, so that its input, made smaller once more,
 * stays within `REDUCED_LEVELS` of the one that the whole picture would give. Measured: 2 on most pictures, 3 on some.
 */
const SHORTEST_REDUCED = 2048;
export const REDUCED_LEVELS = 3;

/**
 * How many pixels a picture may have, by how its decoder goes through it: row by row, which takes no memory to speak
 * of; with up to about 8 bytes for each pixel of the original; or whole, because it cannot make it smaller on the way.
 */
const largest = { rows: 400_000_000, buffer: 200_000_000, whole: LARGEST_WHOLE };
export type DecodingWay = keyof typeof largest;

/**
 * By how much a picture is made smaller while it is decoded; 1, not at all, for all but very large ones.
 *
 * @throws ImageError if a picture of this size is none, or too large: a forged header must not fill the memory
 */
export function reductionOf(path: string, { width, height }: Size, way: DecodingWay): number {
  const pixels = width * height;
  if (pixels === 0) throw damaged(path);
  if (pixels <= LARGEST_WHOLE) return 1;
  if (pixels > largest[way]) throw tooLarge(path, { width, height }, largest[way], remedyOf(pixels, way));
  let factor = 2;
  while (Math.ceil(width / factor) * Math.ceil(height / factor) > LARGEST_REDUCED) factor++;
  const shortest = factor * SHORTEST_REDUCED;
  if (Math.min(width, height) >= shortest) return factor;
  const narrow = ` for pictures of less than ${shortest} rows or columns`;
  throw tooLarge(path, { width, height }, LARGEST_WHOLE, 'cut out a part of it first', narrow);
}

function tooLarge(
  path: string,
  { width, height }: Size,
  limit: number,
  remedy: string,
  kind = '',
): ImageError {
  return new ImageError(
    `${path} claims ${width}x${height} pixels, more than the limit of ${limit / 1e6} million${kind}: ${remedy}.`,
  );
}

function remedyOf(pixels: number, way: DecodingWay): string {
  const smaller = 'make it smaller first';
  if (way === 'rows' || pixels > largest.rows) return smaller;
  return `${smaller}, or save it as a JPEG or PNG that is neither progressive nor interlaced`;
}

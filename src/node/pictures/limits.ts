import { ImageError } from '../../errors.js';
import type { Size } from '../../image/picture.js';
import { damaged } from './refusals.js';

/**
 * How many pixels a picture may have, by how its decoder goes through it: row by row, which takes no memory to speak
 * of; with up to about 8 bytes for each pixel of the original; or whole, because it cannot make it smaller on the way.
 */
export interface PictureLimits {
  readonly rows: number;
  readonly buffer: number;
  /** Up to so many it is decoded as it is, by every decoder. */
  readonly whole: number;
  /** A larger one is decoded at a size of at most so many pixels. */
  readonly reduced: number;
  /** Pixels of its sides, which are then no shorter than this. */
  readonly shortestSide: number;
}

export type DecodingWay = 'rows' | 'buffer' | 'whole';

/**
 * Decoding takes up to about 20 bytes a pixel. The shortest side is eight times what a model takes, so that its input,
 * made smaller once more, stays within `REDUCED_LEVELS` of the one that the whole picture would give. Measured: 2 on
 * most pictures, 3 on some.
 */
export const pictureLimits: PictureLimits = {
  rows: 400_000_000,
  buffer: 200_000_000,
  whole: 100_000_000,
  reduced: 50_000_000,
  shortestSide: 2048,
};
export const REDUCED_LEVELS = 3;

/**
 * By how much a picture is made smaller while it is decoded; 1, not at all, for all but very large ones.
 *
 * @throws ImageError if a picture of this size is none, or too large: a forged header must not fill the memory
 */
export function reductionOf(path: string, size: Size, way: DecodingWay, limits: PictureLimits): number {
  const { width, height } = size;
  const pixels = width * height;
  if (pixels === 0) throw damaged(path);
  if (pixels <= limits.whole) return 1;
  if (pixels > limits[way]) throw tooLarge(path, size, limits[way], remedyOf(pixels, way, limits));
  let factor = 2;
  while (Math.ceil(width / factor) * Math.ceil(height / factor) > limits.reduced) factor++;
  const shortest = factor * limits.shortestSide;
  if (Math.min(width, height) >= shortest) return factor;
  const narrow = ` for pictures of less than ${shortest} rows or columns`;
  throw tooLarge(path, size, limits.whole, 'cut out a part of it first', narrow);
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

function remedyOf(pixels: number, way: DecodingWay, limits: PictureLimits): string {
  const smaller = 'make it smaller first';
  if (way === 'rows' || pixels > limits.rows) return smaller;
  return `${smaller}, or save it as a JPEG or PNG that is neither progressive nor interlaced`;
}

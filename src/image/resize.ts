import { ShapeError } from '../errors.js';
import { described } from '../given.js';
import { copyOf } from './cut.js';
import { checkPicture } from './given.js';
import type { Picture } from './picture.js';
import { computeTaps, filterOf, PRECISION_BITS, type Interpolation, type Taps } from './taps.js';

/** A rectangle of whole pixels. */
export interface PixelArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

// Rounds: half a level is added before the fraction is cut off.
const HALF = 1 << (PRECISION_BITS - 1);

function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** The rows `fromRow` to `fromRow + rows` of `data`, each resampled to `taps.first.length` pixels. */
function horizontalPass(data: Uint8Array, inputWidth: number, fromRow: number, rows: number, taps: Taps) {
  const outputs = taps.first.length;
  const { weights } = taps;
  const result = new Uint8Array(rows * outputs * 3);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const rowStart = (fromRow + row) * inputWidth;
    for (let i = 0; i < outputs; i++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let from = (rowStart + taps.first[i]) * 3;
      const start = i * taps.width;
      const end = start + taps.count[i];
      for (let k = start; k < end; k++, from += 3) {
        const weight = weights[k];
        red = (red + data[from] * weight) | 0;
        green = (green + data[from + 1] * weight) | 0;
        blue = (blue + data[from + 2] * weight) | 0;
      }
      result[to++] = clip8(red);
      result[to++] = clip8(green);
      result[to++] = clip8(blue);
    }
  }
  return result;
}

/** Each column of `data` resampled to `taps.first.length` pixels; row 0 of `data` is input row `firstRow`. */
function verticalPass(data: Uint8Array, width: number, firstRow: number, taps: Taps) {
  const outputs = taps.first.length;
  const { weights } = taps;
  const stride = width * 3;
  const result = new Uint8Array(outputs * stride);
  for (let i = 0; i < outputs; i++) {
    const rowStart = (taps.first[i] - firstRow) * stride;
    const start = i * taps.width;
    const end = start + taps.count[i];
    for (let column = 0; column < stride; column++) {
      let sum = HALF;
      let from = rowStart + column;
      for (let k = start; k < end; k++, from += stride) {
        sum = (sum + data[from] * weights[k]) | 0;
      }
      result[i * stride + column] = clip8(sum);
    }
  }
  return result;
}

/**
 * The part `window` of `picture` resized to width x height, without computing the rest: every byte is the one
 * that resizing the whole and cropping afterwards would give. Memory follows the window, not the full size,
 * so a picture of one pixel by a hundred thousand costs no more than any other.
 */
export function resizeWindow(
  picture: Picture,
  width: number,
  height: number,
  window: PixelArea,
  interpolation: Interpolation = 'bicubic',
): Picture {
  const sizes = [width, height, window.width, window.height];
  const fits = window.x >= 0 && window.y >= 0;
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || !fits)
    throw new ShapeError(
      `Cannot resize a picture to ${described(width)}x${described(height)}: sizes are whole numbers above zero.`,
    );
  if (window.x + window.width > width || window.y + window.height > height)
    throw new ShapeError(
      `Cannot cut ${window.width}x${window.height} at ${window.x},${window.y} from a picture of ${width}x${height}.`,
    );
  filterOf(interpolation);
  // What keeps its size comes out unchanged, because filters are 0 at every whole distance but 0.
  if (width === picture.width && height === picture.height) return copyOf(picture, window);
  const columns = computeTaps(picture.width, width, window.x, window.width, interpolation);
  const rows = computeTaps(picture.height, height, window.y, window.height, interpolation);
  const last = window.height - 1;
  const firstRow = rows.first[0];
  const endRow = rows.first[last] + rows.count[last];
  // Horizontal first, rounded to 8 bits in between: the order and the rounding are part of the result.
  const narrowed = horizontalPass(picture.data, picture.width, firstRow, endRow - firstRow, columns);
  return {
    width: window.width,
    height: window.height,
    data: verticalPass(narrowed, window.width, firstRow, rows),
  };
}

/**
 * Pillow's `Image.resize(size, filter)` for 8-bit RGB, bit for bit: separable, antialiased when it shrinks,
 * in 8-bit fixed point. An axis that keeps its size comes out unchanged, because the filters are 0 at every
 * whole distance but 0.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @throws ShapeError if a size is not a whole number above zero
 * Source: Pillow, `Image.resize` (R. G. Keys 1981, "Cubic convolution interpolation", a = -0.5).
 */
export function resize(
  picture: Picture,
  width: number,
  height: number,
  interpolation: Interpolation = 'bicubic',
): Picture {
  checkPicture('resize', picture);
  return resizeWindow(picture, width, height, { x: 0, y: 0, width, height }, interpolation);
}

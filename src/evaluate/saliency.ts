import { ShapeError } from '../errors.js';
import { anObject, described, expectGiven } from '../given.js';
import type { PatchMap, Size } from '../image/index.js';
import { checkMap } from '../image/given.js';
import { samplePositions } from '../image/upsample.js';

/** Where an explanation puts its weight: at least 0 at each pixel, with sum 1; or 0 everywhere. */
export interface Saliency extends Size {
  /** [height, width] */
  readonly values: Float64Array;
}

/**
 * A map at pixel resolution: upsampled bilinearly between patch centres (beyond the outermost centres the
 * outermost patch goes on), of a signed map the positive part, divided by its sum. The positive part is taken
 * after upsampling, where evidence against the class still holds back the pixels beside it. A map that is
 * nowhere above 0 becomes 0 everywhere.
 * @param size of the mask that it will be measured against, pixels
 * @throws ShapeError if the map does not fit its grid, a value is not finite, or the size is empty
 */
export function saliency(map: PatchMap, size: Size): Saliency {
  return saliencyIn(map, size, undefined);
}

/**
 * The same, in memory that the last map is no longer in need of: new memory for each takes longer than what is done in it.
 * @param room taken if it is for as many pixels
 */
export function saliencyIn(map: PatchMap, size: Size, room: Float64Array | undefined): Saliency {
  const { width, height } = size;
  const pixels = upsampled(map, size, room);
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] > 0) sum += pixels[i];
    else pixels[i] = 0;
  }
  if (sum > 0) for (let i = 0; i < pixels.length; i++) pixels[i] /= sum;
  return { values: pixels, width, height };
}

/**
 * A map at pixel resolution as it is, but for a factor that makes its largest magnitude 1, so that neither a difference nor the
 * sum of pixels can overflow. [height, width]
 * @param room as of `saliencyIn`
 * @throws as `saliency`
 */
export function upsampled(map: PatchMap, size: Size, room?: Float64Array): Float64Array {
  checkMap('saliency', map);
  expectGiven('saliency: the size', size, anObject);
  const { values, grid } = map;
  const { width, height } = size;
  const wrong = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new ShapeError(`Value ${wrong} of the map is ${values[wrong]}, which has no energy.`);
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ShapeError(`A map cannot be upsampled to ${described(width)}x${described(height)} pixels.`);
  }
  const largest = Array.from(values, Math.abs).reduce((left, right) => Math.max(left, right));
  const pixels = room?.length === width * height ? room : new Float64Array(width * height);
  if (largest === 0) return pixels.fill(0);
  const scaled = Float64Array.from(values, (value) => value / largest);
  between(acrossOf(scaled, width, grid), size, grid[0], pixels);
  return pixels;
}

/** Each row of patches at the pixels' columns. Written as start + (end - start) * weight, which keeps a constant map constant. */
function acrossOf(values: Float64Array, width: number, [rows, columns]: PatchMap['grid']): Float64Array {
  const { first, second, weight } = samplePositions(width, 0, width, columns);
  const result = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let x = 0; x < width; x++) {
      const start = values[from + first[x]];
      result[row * width + x] = start + (values[from + second[x]] - start) * weight[x];
    }
  }
  return result;
}

/** And from these the pixels between rows. */
function between(lines: Float64Array, { width, height }: Size, rows: number, pixels: Float64Array): void {
  const { first, second, weight } = samplePositions(height, 0, height, rows);
  for (let y = 0; y < height; y++) {
    const [top, bottom, share, to] = [first[y] * width, second[y] * width, weight[y], y * width];
    for (let x = 0; x < width; x++) {
      pixels[to + x] = lines[top + x] + (lines[bottom + x] - lines[top + x]) * share;
    }
  }
}

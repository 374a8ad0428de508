import { ShapeError } from '../errors.js';
import { anObject, described, expectGiven } from '../given.js';
import type { PatchMap, Size } from '../image/index.js';
import { checkMap } from '../image/given.js';
import { samplePositions } from '../image/upsample.js';

/** Where an explanation puts its weight: at least 0 at each pixel, with sum 1 if no other is told; or 0 everywhere. */
export interface Saliency extends Size {
  /** [height, width] */
  readonly values: Float64Array;
  /** What the values sum to, if that is not 1. */
  readonly sum?: number;
  /** The highest of them, if it is known. */
  readonly highest?: number;
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
  const { values, sum } = saliencyIn(map, size, undefined);
  return {
    width: size.width,
    height: size.height,
    values: sum > 0 ? values.map((value) => value / sum) : values,
  };
}

/**
 * The same, not yet divided by its sum, in memory that the last map is no longer in need of: new memory for each takes longer than
 * what is done in it.
 * @param room taken if it is for as many pixels
 */
export function saliencyIn(
  map: PatchMap,
  size: Size,
  room: Float64Array | undefined,
): Saliency & { readonly sum: number } {
  const { pixels, sum, highest } = upsample(map, size, 0, room);
  return { values: pixels, width: size.width, height: size.height, sum, highest };
}

/** The highest value of a map. */
export function highestOf({ values, highest = largest(values, 0, values.length) }: Saliency): number {
  return highest;
}

/** Whether all are the same. */
export function isFlat(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** A loop on its own: V8 compiles it while it runs, and where code follows that it has not seen yet throws that away at every call. */
function largest(values: Float64Array, start: number, end: number): number {
  let found = values[start];
  for (let i = start + 1; i < end; i++) found = Math.max(found, values[i]);
  return found;
}

/**
 * A map at pixel resolution as it is, but for a factor that makes its largest magnitude 1, so that neither a difference nor the
 * sum of pixels can overflow. [height, width]
 * @throws as `saliency`
 */
export function upsampled(map: PatchMap, size: Size): Float64Array {
  return upsample(map, size, -Infinity, undefined).pixels;
}

interface Upsampled {
  readonly pixels: Float64Array;
  readonly sum: number;
  readonly highest: number;
}

/** @param lowest what pixels below it become */
function upsample(map: PatchMap, size: Size, lowest: number, room: Float64Array | undefined): Upsampled {
  checkMap('saliency', map);
  expectGiven('saliency: the size', size, anObject);
  const { values, grid } = map;
  const { width, height } = size;
  let magnitude = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new ShapeError(`Value ${i} of the map is ${values[i]}, which has no energy.`);
    }
    magnitude = Math.max(magnitude, Math.abs(values[i]));
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ShapeError(`A map cannot be upsampled to ${described(width)}x${described(height)} pixels.`);
  }
  const pixels = room?.length === width * height ? room : new Float64Array(width * height);
  if (magnitude === 0) return { pixels: pixels.fill(0), sum: 0, highest: 0 };
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = values[i] / magnitude;
  return fillBetween(acrossOf(scaled, width, grid), size, grid[0], lowest, pixels);
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

/** And from these the pixels between rows, none of them below the lowest. */
function fillBetween(
  lines: Float64Array,
  { width, height }: Size,
  rows: number,
  lowest: number,
  pixels: Float64Array,
): Upsampled {
  const { first, second, weight } = samplePositions(height, 0, height, rows);
  let sum = 0;
  let highest = lowest;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    sum += fillLine(lines, first[y] * width, second[y] * width, weight[y], lowest, pixels, start, width);
    // Between two rows of patches a column only rises or only falls.
    const isFirst = first[y] !== first[y - 1];
    const isLast = first[y] !== first[y + 1];
    if (isFirst || isLast) highest = Math.max(highest, largest(pixels, start, start + width));
  }
  return { pixels, sum, highest };
}

/** @returns the sum of the line: by twos, since an addition has to wait for the one before */
function fillLine(
  lines: Float64Array,
  above: number,
  below: number,
  share: number,
  lowest: number,
  pixels: Float64Array,
  start: number,
  width: number,
): number {
  let even = 0;
  let odd = 0;
  for (let x = width % 2; x < width; x += 2) {
    const top = lines[above + x];
    const nextTop = lines[above + x + 1];
    const one = Math.max(top + (lines[below + x] - top) * share, lowest);
    const other = Math.max(nextTop + (lines[below + x + 1] - nextTop) * share, lowest);
    pixels[start + x] = one;
    pixels[start + x + 1] = other;
    even += one;
    odd += other;
  }
  if (width % 2 === 0) return even + odd;
  pixels[start] = Math.max(lines[above] + (lines[below] - lines[above]) * share, lowest);
  return even + odd + pixels[start];
}

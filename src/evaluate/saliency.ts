import { ShapeError } from '../errors.js';
import { anObject, described, expectGiven } from '../given.js';
import type { PatchMap, Size } from '../image/index.js';
import { checkMap } from '../image/given.js';
import { samplePositions, type SamplePositions } from '../image/upsample.js';

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
  const { values, sum } = saliencyIn(map, size, emptyRoom());
  return {
    width: size.width,
    height: size.height,
    values: sum > 0 ? values.map((value) => value / sum) : values,
  };
}

/**
 * Memory for one map after the other. New memory for each takes longer than what is done in it, and would be so much that V8 never
 * stopped looking for what is no longer in use.
 */
export interface SaliencyRoom {
  /** Rows of patches at the columns of pixels. */
  lines: Float64Array;
  pixels: Float64Array;
}

export function emptyRoom(): SaliencyRoom {
  return { lines: new Float64Array(0), pixels: new Float64Array(0) };
}

/**
 * The same, not yet divided by its sum.
 * @param room the map that lies in it is no longer needed
 */
export function saliencyIn(
  map: PatchMap,
  size: Size,
  room: SaliencyRoom,
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
  return upsample(map, size, 1, emptyRoom()).pixels;
}

interface Upsampled {
  readonly pixels: Float64Array;
  readonly sum: number;
  readonly highest: number;
}

/** @param kept what is left of values below 0: nothing, or all */
function upsample(map: PatchMap, size: Size, kept: 0 | 1, room: SaliencyRoom): Upsampled {
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
  room.lines = ofLength(grid[0] * width, room.lines);
  room.pixels = ofLength(width * height, room.pixels);
  if (magnitude === 0) return { pixels: room.pixels.fill(0), sum: 0, highest: 0 };
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = values[i] / magnitude;
  fillAcross(scaled, width, grid, room.lines);
  return fillBetween(room.lines, size, grid[0], kept, room.pixels);
}

function ofLength(length: number, array: Float64Array): Float64Array {
  return array.length === length ? array : new Float64Array(length);
}

/** Each row of patches at the pixels' columns. Written as start + (end - start) * weight, which keeps a constant map constant. */
function fillAcross(
  values: Float64Array,
  width: number,
  [rows, columns]: PatchMap['grid'],
  lines: Float64Array,
): void {
  const { first, second, weight } = samplePositions(width, 0, width, columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let x = 0; x < width; x++) {
      const start = values[from + first[x]];
      lines[row * width + x] = start + (values[from + second[x]] - start) * weight[x];
    }
  }
}

/** And from these the pixels between rows. @param kept what is left of values below 0: nothing, or all */
function fillBetween(
  lines: Float64Array,
  { width, height }: Size,
  rows: number,
  kept: 0 | 1,
  pixels: Float64Array,
): Upsampled {
  const down = samplePositions(height, 0, height, rows);
  const { first } = down;
  let sum = 0;
  for (let y = 0; y < height;) {
    const together = first[y + 3] === first[y] ? 4 : 1;
    const fill = together === 4 ? fillFour : fillOne;
    sum += fill(lines, width, down, y, kept, pixels);
    y += together;
  }
  let highest = pixels[0];
  for (let y = 0; y < height; y++) {
    // Between two rows of patches a column only rises or only falls.
    const isEnd = first[y] !== first[y - 1] || first[y] !== first[y + 1];
    if (isEnd) highest = Math.max(highest, largest(pixels, y * width, (y + 1) * width));
  }
  return { pixels, sum, highest };
}

/**
 * Fills lines of pixels.
 * @param y the first of them
 * @returns their sum
 */
type Fill = (
  lines: Float64Array,
  width: number,
  down: SamplePositions,
  y: number,
  kept: 0 | 1,
  pixels: Float64Array,
) => number;

/**
 * Four lines between the same two rows of patches, which takes half of the time of one after the other: no addition to a sum has to
 * wait for the one before. What is below 0 is taken away without a branch, because signs change where nobody can guess.
 */
const fillFour: Fill = (lines, width, { first, second, weight }, y, kept, pixels) => {
  const [above, below, start] = [first[y] * width, second[y] * width, y * width];
  const [w0, w1, w2, w3] = [weight[y], weight[y + 1], weight[y + 2], weight[y + 3]];
  const [own, absolute] = [(1 + kept) / 2, (1 - kept) / 2];
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let x = 0; x < width; x++) {
    const top = lines[above + x];
    const difference = lines[below + x] - top;
    const v0 = top + difference * w0;
    const v1 = top + difference * w1;
    const v2 = top + difference * w2;
    const v3 = top + difference * w3;
    const i = start + x;
    sum0 += pixels[i] = own * v0 + absolute * Math.abs(v0);
    sum1 += pixels[i + width] = own * v1 + absolute * Math.abs(v1);
    sum2 += pixels[i + 2 * width] = own * v2 + absolute * Math.abs(v2);
    sum3 += pixels[i + 3 * width] = own * v3 + absolute * Math.abs(v3);
  }
  return sum0 + sum1 + (sum2 + sum3);
};

/** One of them. */
const fillOne: Fill = (lines, width, { first, second, weight }, y, kept, pixels) => {
  const [above, below, start] = [first[y] * width, second[y] * width, y * width];
  let sum = 0;
  for (let x = 0; x < width; x++) {
    const value = lines[above + x] + (lines[below + x] - lines[above + x]) * weight[y];
    sum += pixels[start + x] = kept === 1 ? value : Math.max(value, 0);
  }
  return sum;
};

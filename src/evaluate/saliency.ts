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
  checkMap('saliency', map);
  expectGiven('saliency: the size', size, anObject);
  const { values, grid } = map;
  const { width, height } = size;
  const [rows, columns] = grid;
  const wrong = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new ShapeError(`Value ${wrong} of the map is ${values[wrong]}, which has no energy.`);
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ShapeError(`A map cannot be upsampled to ${described(width)}x${described(height)} pixels.`);
  }
  // The largest magnitude becomes 1 first: neither a difference nor the sum of the pixels can overflow.
  const largest = Array.from(values, Math.abs).reduce((left, right) => Math.max(left, right));
  if (largest === 0) return { values: new Float64Array(width * height), width, height };
  const pixels = upsample(
    Float64Array.from(values, (value) => value / largest),
    columns,
    samplePositions(width, 0, width, columns),
    samplePositions(height, 0, height, rows),
  );
  const sum = pixels.reduce((left, right) => left + right);
  if (sum === 0) return { values: pixels, width, height };
  return { values: pixels.map((value) => value / sum), width, height };
}

function upsample(
  values: Float64Array,
  columns: number,
  across: ReturnType<typeof samplePositions>,
  down: ReturnType<typeof samplePositions>,
): Float64Array {
  const [width, height] = [across.first.length, down.first.length];
  const pixels = new Float64Array(width * height);
  // Written as start + (end - start) * weight, which keeps a constant map exactly constant.
  const between = (row: number, x: number): number => {
    const start = values[row * columns + across.first[x]];
    return start + (values[row * columns + across.second[x]] - start) * across.weight[x];
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const top = between(down.first[y], x);
      pixels[y * width + x] = Math.max(0, top + (between(down.second[y], x) - top) * down.weight[y]);
    }
  }
  return pixels;
}

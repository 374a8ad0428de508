import type { PatchGrid } from '../geometry.js';
import { exactTaps } from '../image/index.js';

/**
 * Positions learned on one grid of patches, at another: bicubic, antialiased, as timm resamples them; those of class token
 * and registers stay as they are. Where timm leaves a grid of as many patches in its old order, this resamples too.
 * @param values of `[1, prefix + rows * columns, width]`
 * @param prefix tokens before the patches that have positions
 * @returns of `[1, prefix + newRows * newColumns, width]`
 * Source: timm 1.0, `resample_abs_pos_embed`.
 */
export function resamplePositions(
  values: Float32Array,
  [rows, columns]: PatchGrid,
  [newRows, newColumns]: PatchGrid,
  prefix: number,
): Float32Array {
  if (rows === newRows && columns === newColumns) return values;
  const width = values.length / (prefix + rows * columns);
  const patches = Float64Array.from(values.subarray(prefix * width));
  // Along columns each row of patches is a line of its own; along rows all numbers of a row are one line.
  const wide = alongAxis(patches, rows, columns, newColumns, width);
  const both = alongAxis(wide, 1, rows, newRows, newColumns * width);
  const result = new Float32Array((prefix + newRows * newColumns) * width);
  result.set(values.subarray(0, prefix * width));
  result.set(both, prefix * width);
  return result;
}

/** `[lines, length, width]` to `[lines, newLength, width]` */
function alongAxis(
  values: Float64Array,
  lines: number,
  length: number,
  newLength: number,
  width: number,
): Float64Array {
  const taps = exactTaps(length, newLength, 0, newLength, 'bicubic');
  const result = new Float64Array(lines * newLength * width);
  for (let line = 0; line < lines; line++) {
    for (let to = 0; to < newLength; to++) {
      const sums = result.subarray((line * newLength + to) * width, (line * newLength + to + 1) * width);
      for (let k = 0; k < taps.count[to]; k++) {
        const weight = taps.weights[to * taps.width + k];
        const start = (line * length + taps.first[to] + k) * width;
        for (let i = 0; i < width; i++) sums[i] += weight * values[start + i];
      }
    }
  }
  return result;
}

import type { PatchGrid } from '../../geometry.js';
import type { Preprocessed } from '../../image/index.js';
import { Random } from '../../random.js';
import type { ReadyPicture } from '../explainer.js';

/*
 * A picture changed so little that nobody would call it another one: a map that can be relied on is hardly another one either.
 */

/** Standard deviation of the noise, as a share of the picture's own range. */
const NOISE = 0.02;

/** With a little Gaussian noise. */
export function noisy(ready: ReadyPicture, seed: number): ReadyPicture {
  return ready.map((form) => {
    const random = new Random(seed);
    let [low, high] = [Infinity, -Infinity];
    for (const value of form.values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    const sigma = NOISE * (high - low);
    return { ...form, values: form.values.map((value) => value + sigma * random.normal()) };
  });
}

/** Moved one patch to the right; the first column of pixels fills what is left behind. */
export function shifted(ready: ReadyPicture, grid: PatchGrid): ReadyPicture {
  return ready.map((form) => ({ ...form, values: moved(form, grid) }));
}

function moved({ values, geometry }: Preprocessed, [, columns]: PatchGrid): Preprocessed['values'] {
  const { width } = geometry.crop;
  const patch = width / columns;
  return values.map((_, i) => {
    const x = i % width;
    return values[i - Math.min(x, patch)];
  });
}

/** Of two maps, the second of a picture moved by one patch, the patches that both have, side by side. */
export function overlapping(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  [, columns]: PatchGrid,
): readonly [before: readonly number[], after: readonly number[]] {
  const kept = Array.from({ length: before.length }, (_, i) => i).filter((i) => i % columns < columns - 1);
  return [kept.map((i) => before[i]), kept.map((i) => after[i + 1])];
}

import type { Random } from '../../random.js';

/** Of all pixels. */
const SHARES = [0.02, 0.33] as const;
/** Height by width. */
const RATIOS = [0.3, 3.3] as const;
const TRIES = 10;

/**
 * Sets a rectangle of normalised values to 0, which is the mean; nothing, where none of ten drawn fits.
 * Source: Zhong et al., "Random Erasing Data Augmentation", 2020; shares and proportions as torchvision has them.
 * @param values [channels, height, width]; changed
 */
export function erase(
  values: Float32Array,
  [height, width]: readonly [number, number],
  random: Random,
): void {
  const pixels = height * width;
  for (let i = 0; i < TRIES; i++) {
    const area = pixels * random.uniform(...SHARES);
    const ratio = Math.exp(random.uniform(Math.log(RATIOS[0]), Math.log(RATIOS[1])));
    const [rows, columns] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
    if (rows >= height || columns >= width) continue;
    const [top, left] = [random.integer(height - rows + 1), random.integer(width - columns + 1)];
    for (let plane = 0; plane < values.length; plane += pixels) {
      for (let row = top; row < top + rows; row++) {
        const start = plane + row * width + left;
        values.fill(0, start, start + columns);
      }
    }
    return;
  }
}

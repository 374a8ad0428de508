import type { Picture } from '../../image/index.js';

/** Left and right exchanged. */
export function flipped({ data, width, height }: Picture): Picture {
  const result = new Uint8Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const column = pixel % width;
    const from = 3 * (pixel - column + (width - 1 - column));
    for (let channel = 0; channel < 3; channel++) result[3 * pixel + channel] = data[from + channel];
  }
  return { data: result, width, height };
}

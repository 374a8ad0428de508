import { luminance, type Picture } from '../../image/index.js';

/**
 * Source of all: Pillow's `ImageEnhance`, bit for bit. A factor of 1 leaves a picture as it is, 0 leaves what is named, and
 * one above 1 exaggerates the distance from it.
 */

/** From black. */
export function brightness(picture: Picture, factor: number): Picture {
  return blended({ ...picture, data: new Uint8Array(picture.data.length) }, picture, factor);
}

/** From grey. */
export function saturation(picture: Picture, factor: number): Picture {
  return blended(luminance(picture), picture, factor);
}

/** From the picture's mean grey. */
export function contrast(picture: Picture, factor: number): Picture {
  const grey = luminance(picture).data;
  let sum = 0;
  for (let i = 0; i < grey.length; i += 3) sum += grey[i];
  const mean = Math.floor(sum / (grey.length / 3) + 0.5);
  return blended({ ...picture, data: new Uint8Array(grey.length).fill(mean) }, picture, factor);
}

/** From a smoothed picture. */
export function sharpness(picture: Picture, factor: number): Picture {
  return blended(smoothed(picture), picture, factor);
}

/** Each pixel with its eight neighbours, itself five times; the outermost pixels stay as they are. */
function smoothed({ data, width, height }: Picture): Picture {
  const result = data.slice();
  const line = 3 * width;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * line + 3; i < (y + 1) * line - 3; i++) {
      let sum = 4 * data[i];
      for (let at = i - line; at <= i + line; at += line) sum += data[at - 3] + data[at] + data[at + 3];
      result[i] = Math.floor((2 * sum + 13) / 26); // rounded; 13 is odd, so no halves
    }
  }
  return { data: result, width, height };
}

function blended(from: Picture, to: Picture, factor: number): Picture {
  const share = Math.fround(factor);
  const data = new Uint8Array(to.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Math.fround(from.data[i] + Math.fround(share * (to.data[i] - from.data[i])));
    data[i] = Math.max(0, Math.min(255, Math.trunc(value)));
  }
  return { ...to, data };
}

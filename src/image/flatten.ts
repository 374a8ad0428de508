import type { Picture } from './picture.js';

/**
 * Decoded 8-bit pixels to RGB: grey is repeated, transparency is laid over white.
 *
 * @param data [height, width, channels]; alpha is straight, not premultiplied
 * @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
 */
export function flattenOverWhite(data: Uint8Array, channels: number, width: number, height: number): Picture {
  const pixels = width * height;
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  const result = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const from = i * channels;
    const alpha = hasAlpha ? data[from + channels - 1] : 255;
    for (let channel = 0; channel < 3; channel++) {
      const value = data[isGrey ? from : from + channel];
      // Storing cuts the fraction off, so this rounds to the nearest; halves cannot occur, because 255 is odd.
      result[3 * i + channel] = (value * alpha + 255 * (255 - alpha)) / 255 + 0.5;
    }
  }
  return { width, height, data: result };
}

import { ShapeError } from '../errors.js';
import { bytes, described, expectGiven } from '../given.js';
import type { Picture } from './picture.js';

/**
 * Decoded 8-bit pixels to RGB: grey is repeated, transparency is laid over white.
 *
 * @throws UsageError for what is no bytes, ShapeError for another number of them
 *
 * @param data [height, width, channels]; alpha is straight, not premultiplied
 * @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
 */
export function flattenOverWhite(data: Uint8Array, channels: number, width: number, height: number): Picture {
  expectGiven('flattenOverWhite: the bytes', data, bytes);
  const pixels = Number.isInteger(width) && Number.isInteger(height) ? width * height : NaN;
  if (![1, 2, 3, 4].includes(channels) || data.length !== pixels * channels) {
    throw new ShapeError(
      `flattenOverWhite: ${data.length} bytes are no picture of ${described(width)}x${described(height)} pixels with ` +
        `${described(channels)} channels; give 1 to 4 channels, and a byte for each of every pixel.`,
    );
  }
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

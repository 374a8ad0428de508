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
  // A copy, so that what the caller does with its bytes later changes no picture; pictures may have 100 million pixels.
  if (channels === 3) return { width, height, data: new Uint8Array(data) };
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  const [green, blue] = isGrey ? [0, 0] : [1, 2];
  const result = new Uint8Array(pixels * 3);
  for (let from = 0, to = 0; to < result.length; from += channels, to += 3) {
    const alpha = hasAlpha ? data[from + channels - 1] : 255;
    result[to] = overWhite(data[from], alpha);
    result[to + 1] = overWhite(data[from + green], alpha);
    result[to + 2] = overWhite(data[from + blue], alpha);
  }
  return { width, height, data: result };
}

/** To the nearest, because storing cuts the fraction off; halves cannot occur, because 255 is odd. */
function overWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : (value * alpha + 255 * (255 - alpha)) / 255 + 0.5;
}

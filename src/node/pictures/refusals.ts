import { ImageError } from '../../errors.js';

/** Decoding takes up to about 20 bytes a pixel, so this limit keeps a forged header from filling the memory. */
const MAX_PIXELS = 100_000_000;

export function damaged(path: string, cause?: unknown): ImageError {
  return new ImageError(`${path} is damaged and cannot be decoded: copy or download it again.`, { cause });
}

export function cutOff(path: string, cause?: unknown): ImageError {
  return new ImageError(`${path} is cut off before the end of the picture: copy or download it again.`, {
    cause,
  });
}

/** @throws ImageError if a picture of this size is none, or too large */
export function checkSize(path: string, width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged(path);
  if (width * height > MAX_PIXELS)
    throw new ImageError(
      `${path} claims ${width}x${height} pixels, more than the limit of ${MAX_PIXELS / 1e6} million: make it smaller first.`,
    );
}

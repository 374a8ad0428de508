import type { Picture } from './picture.js';

/**
 * How bright each pixel is, in all three channels.
 * Source: ITU-R BT.601 in fixed point, Pillow's `convert('L')`.
 */
export function luminance({ data, width, height }: Picture): Picture {
  const grey = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    grey.fill((data[i] * 19595 + data[i + 1] * 38470 + data[i + 2] * 7471 + 0x8000) >> 16, i, i + 3);
  }
  return { data: grey, width, height };
}

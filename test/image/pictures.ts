import type { Picture } from '../../src/image/picture.js';
import { haveSameBits } from '../support/compare.js';

/** A picture whose byte i follows from i alone, so that another program can make the same one. */
export function pictureByFormula(width: number, height: number): Picture {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * i * 31 + i * 97 + (i >> 3) * 53) % 256,
  );
  return { width, height, data };
}

export function plainPicture(width: number, height: number, color: readonly number[]): Picture {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => color[i % 3]) };
}

/** One [red, green, blue] a pixel, row by row. */
export function pixelsOf({ data, width, height }: Picture): number[][] {
  return Array.from({ length: width * height }, (_, i) => Array.from(data.subarray(3 * i, 3 * i + 3)));
}

/** Whether two pictures are the same, byte for byte. */
export function areSame(a: Picture, b: Picture): boolean {
  return a.width === b.width && a.height === b.height && haveSameBits(a.data, b.data);
}

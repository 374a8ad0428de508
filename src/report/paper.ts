import type { Picture, Size } from '../image/index.js';

/** The grey that is written on, and pictures laid on. */
export const paper = 245;

/** Paper of a size. */
export function blank({ width, height }: Size): Picture {
  return { width, height, data: new Uint8Array(3 * width * height).fill(paper) };
}

/** Lays a picture on another one that has room for it, its top left corner there. */
export function place(on: Picture, { width, height, data }: Picture, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    const row = data.subarray(3 * y * width, 3 * (y + 1) * width);
    on.data.set(row, 3 * ((top + y) * on.width + left));
  }
}

import type { Picture, Size } from './picture.js';

/** The grey that captions are written on, and pictures laid on. */
export const paper = 245;

/** Paper of a size, with a picture at its top left if one is given. */
export function onPaper(size: Size, picture?: Picture): Picture {
  const { width, height } = size;
  const result = { width, height, data: new Uint8Array(3 * width * height).fill(paper) };
  if (picture) place(result, picture, 0, 0);
  return result;
}

/** Lays a picture on another one that has room for it, its top left corner there. */
export function place(on: Picture, { width, height, data }: Picture, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    const row = data.subarray(3 * y * width, 3 * (y + 1) * width);
    on.data.set(row, 3 * ((top + y) * on.width + left));
  }
}

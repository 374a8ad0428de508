import type { Area } from './geometry.js';

/** What the model did not see is drawn as its luma, times this. */
export const UNSEEN_BRIGHTNESS = 0.35;
const HAIRLINE = 235;

/** Rec. 601 luma, the usual weights for gamma-encoded RGB, of the pixel at byte `at`. 0..255 */
export function lumaOf(data: Uint8Array, at: number): number {
  return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
}

/** How much of each of `pixels` pixels lies between `from` and `to`, 0..1: the edge need not fall between two. */
export function coverage(pixels: number, from: number, to: number): Float64Array {
  return Float64Array.from({ length: pixels }, (_, i) =>
    Math.max(0, Math.min(i + 1, to) - Math.max(i, from)),
  );
}

/**
 * Draws a thin light line around the seen area, on the unseen side of its edge, so that it hides nothing that
 * the model saw. Where the area reaches the picture's own edge there is no line.
 */
export function hairline(data: Uint8Array, width: number, height: number, seen: Area): void {
  const thickness = Math.max(1, Math.round(Math.min(width, height) / 500));
  const left = Math.floor(seen.left);
  const right = Math.ceil(seen.right);
  const top = Math.floor(seen.top);
  const bottom = Math.ceil(seen.bottom);
  const fill = (y: number, from: number, to: number): void => {
    const [first, end] = [Math.max(0, from), Math.min(width, to)];
    if (end > first) data.fill(HAIRLINE, 3 * (y * width + first), 3 * (y * width + end));
  };
  for (let y = Math.max(0, top - thickness); y < Math.min(height, bottom + thickness); y++) {
    if (y < top || y >= bottom) fill(y, left - thickness, right + thickness);
    else {
      fill(y, left - thickness, left);
      fill(y, right, right + thickness);
    }
  }
}

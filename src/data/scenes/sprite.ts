import type { Colour } from './colour.js';

/** One size of a sprite: red, green, blue and alpha in 0..1, the colours multiplied by alpha. */
export interface SpriteLevel {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] */
  readonly pixels: Float32Array;
}

/** A drawing of an object with an exact outline. */
export interface Sprite {
  /** What it shows, as a position in `sceneClasses`. */
  readonly classIndex: number;
  /** Who drew it. */
  readonly vendor: string;
  /** Its colour means nothing: it is a shape to be painted. */
  readonly silhouette: boolean;
  /** The mean of what is visible. */
  readonly colour: Colour;
  /** The drawing, then each time half its size: whichever fits is drawn from. */
  readonly levels: readonly SpriteLevel[];
}

/**
 * A decoded picture as a sprite: transparent margins are cut off.
 * @param rgba 8 bits a channel, not multiplied by alpha. [height, width, 4]
 * @returns undefined if nothing is visible
 */
export function makeSprite(
  classIndex: number,
  vendor: string,
  { width, height, rgba }: { readonly width: number; readonly height: number; readonly rgba: Uint8Array },
  silhouette = false,
): Sprite | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rgba[4 * (y * width + x) + 3] < 8) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  if (right <= left) return undefined;
  const [cutWidth, cutHeight] = [right - left, bottom - top];
  const pixels = new Float32Array(4 * cutWidth * cutHeight);
  for (let y = 0; y < cutHeight; y++) {
    for (let x = 0; x < cutWidth; x++) {
      const from = 4 * ((top + y) * width + left + x);
      const to = 4 * (y * cutWidth + x);
      const alpha = rgba[from + 3] / 255;
      for (let channel = 0; channel < 3; channel++) {
        pixels[to + channel] = (rgba[from + channel] / 255) * alpha;
      }
      pixels[to + 3] = alpha;
    }
  }
  const levels = halvings({ width: cutWidth, height: cutHeight, pixels });
  return { classIndex, vendor, silhouette, colour: meanColour(pixels), levels };
}

/** @param pixels multiplied by alpha, not all transparent */
function meanColour(pixels: Float32Array): Colour {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < pixels.length; i++) sums[i % 4] += pixels[i];
  return [sums[0] / sums[3], sums[1] / sums[3], sums[2] / sums[3]];
}

/** A drawing, then each time half its size, down to 12 pixels or less. */
export function halvings(largest: SpriteLevel): SpriteLevel[] {
  const levels = [largest];
  while (Math.max(levels[levels.length - 1].width, levels[levels.length - 1].height) > 12) {
    levels.push(halved(levels[levels.length - 1]));
  }
  return levels;
}

/** The smallest level whose longer side has at least so many pixels. */
export function fittingLevel(levels: readonly SpriteLevel[], pixels: number): SpriteLevel {
  return levels.findLast(({ width, height }) => Math.max(width, height) >= pixels) ?? levels[0];
}

/** Means of two by two pixels; where a row or column is left over, it stands for two. */
function halved({ width, height, pixels }: SpriteLevel): SpriteLevel {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const result = new Float32Array(4 * half.width * half.height);
  for (let y = 0; y < half.height; y++) {
    const rows = [2 * y, Math.min(2 * y + 1, height - 1)];
    for (let x = 0; x < half.width; x++) {
      const columns = [2 * x, Math.min(2 * x + 1, width - 1)];
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (const row of rows)
          for (const column of columns) sum += pixels[4 * (row * width + column) + channel];
        result[4 * (y * half.width + x) + channel] = sum / 4;
      }
    }
  }
  return { ...half, pixels: result };
}

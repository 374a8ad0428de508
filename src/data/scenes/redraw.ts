import { fittingLevel, halvings, type Sprite, type SpriteLevel } from './sprite.js';

/** How much of a drawing is left: everything, all but its thin dark lines, or what is broad only. */
export const details = ['all', 'unlined', 'broad'] as const;
export type Detail = (typeof details)[number];

/** What light makes of a drawing: it is highest inside its edges, or in the middle of its limbs, or where it is bright. */
export const reliefs = ['edges', 'body', 'tones'] as const;
export type Relief = (typeof reliefs)[number];

/** Half the breadth of what counts as thin, in shares of a drawing's longer side. */
const THIN = 0.035;
/** How far from its edge a body is still rising, in the same shares. */
const RISE = 0.2;

/** The drawing, at all its sizes, with so much of its detail. Kept, because it costs more than a scene does. */
export function detailed(sprite: Sprite, detail: Detail): readonly SpriteLevel[] {
  if (detail === 'all' || sprite.silhouette) return sprite.levels;
  return kept(sprite, detail, () => {
    // Closing, and opening after it: what is thin takes the colour of what is beside it.
    const [largest] = sprite.levels;
    const unlined = spread(spread(largest, 'bright'), 'dark');
    return halvings(detail === 'unlined' ? unlined : spread(spread(unlined, 'dark'), 'bright'));
  });
}

/** Heights, in place of alpha, and nothing else. */
export function heightsOf(sprite: Sprite, relief: Relief): SpriteLevel {
  if (relief === 'edges') return fittingLevel(sprite.levels, 14);
  const [heights] = kept(sprite, relief, () => {
    const level = fittingLevel(sprite.levels, 24);
    return [relief === 'body' ? inflated(level) : tones(level)];
  });
  return heights;
}

const memory = new WeakMap<Sprite, Map<string, readonly SpriteLevel[]>>();

function kept(sprite: Sprite, key: string, make: () => readonly SpriteLevel[]): readonly SpriteLevel[] {
  const known = memory.get(sprite) ?? new Map<string, readonly SpriteLevel[]>();
  memory.set(sprite, known);
  const levels = known.get(key) ?? make();
  known.set(key, levels);
  return levels;
}

/** Every pixel takes the colour of the brightest (darkest) pixel of the drawing near it; alpha stays. */
function spread(level: SpriteLevel, towards: 'bright' | 'dark'): SpriteLevel {
  const { width, height, pixels } = level;
  const sign = towards === 'bright' ? 1 : -1;
  const brightness = Float32Array.from({ length: width * height }, (_, pixel) => {
    const alpha = pixels[4 * pixel + 3];
    return alpha < 0.1 ? -Infinity : (sign * luminance(pixels, pixel)) / alpha;
  });
  const disc = discOf(THIN * Math.max(width, height));
  const result = pixels.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (brightness[pixel] === -Infinity) continue;
      let best = pixel;
      for (const [dx, dy] of disc) {
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
        const other = pixel + dy * width + dx;
        if (brightness[other] > brightness[best]) best = other;
      }
      const ratio = pixels[4 * pixel + 3] / pixels[4 * best + 3];
      for (let channel = 0; channel < 3; channel++) {
        result[4 * pixel + channel] = ratio * pixels[4 * best + channel];
      }
    }
  }
  return { width, height, pixels: result };
}

/** A quarter of a circle's rise from the edge inwards, as of something blown up. */
function inflated({ width, height, pixels }: SpriteLevel): SpriteLevel {
  const rise = RISE * Math.max(width, height);
  const disc = discOf(rise).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  const outside = (x: number, y: number): boolean =>
    x < 0 || y < 0 || x >= width || y >= height || pixels[4 * (y * width + x) + 3] < 0.5;
  return heightMap(width, height, (pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const nearest = disc.find(([dx, dy]) => outside(x + dx, y + dy));
    const depth = nearest ? Math.hypot(...nearest) / rise : 1;
    return Math.sqrt(1 - (1 - depth) ** 2);
  });
}

function tones({ width, height, pixels }: SpriteLevel): SpriteLevel {
  return heightMap(width, height, (pixel) => luminance(pixels, pixel));
}

function heightMap(width: number, height: number, heightAt: (pixel: number) => number): SpriteLevel {
  const pixels = new Float32Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) pixels[4 * pixel + 3] = heightAt(pixel);
  return { width, height, pixels };
}

/** Of Rec. 709, multiplied by alpha as the colours are. */
function luminance(pixels: Float32Array, pixel: number): number {
  return 0.2126 * pixels[4 * pixel] + 0.7152 * pixels[4 * pixel + 1] + 0.0722 * pixels[4 * pixel + 2];
}

/** Steps to all pixels that lie no farther away than a radius. */
function discOf(radius: number): [number, number][] {
  const reach = Math.floor(radius);
  const side = Array.from({ length: 2 * reach + 1 }, (_, index) => index - reach);
  return side
    .flatMap((dy) => side.map((dx): [number, number] => [dx, dy]))
    .filter(([dx, dy]) => Math.hypot(dx, dy) <= radius);
}

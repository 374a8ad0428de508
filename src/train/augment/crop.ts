import {
  cut,
  resize,
  type Interpolation,
  type Picture,
  type PixelArea,
  type Size,
} from '../../image/index.js';
import type { Random } from '../../random.js';

export interface RandomResizedCropOptions {
  /** Share of the picture's pixels, from and to. */
  readonly scale: readonly [low: number, high: number];
  /** Width by height, from and to. */
  readonly ratio: readonly [low: number, high: number];
}

/** So often a part is drawn that may not lie in the picture. */
const TRIES = 10;

/**
 * A part of any size and proportions; the middle of the picture, where none of ten lies in it.
 * Source: Szegedy et al., "Going Deeper with Convolutions", 2015, section 6, as torchvision's `RandomResizedCrop` draws it.
 */
export function randomArea(
  { width, height }: Size,
  options: RandomResizedCropOptions,
  random: Random,
): PixelArea {
  const [narrowest, widest] = options.ratio;
  for (let i = 0; i < TRIES; i++) {
    const pixels = width * height * random.uniform(...options.scale);
    const ratio = Math.exp(random.uniform(Math.log(narrowest), Math.log(widest)));
    const part = {
      width: Math.round(Math.sqrt(pixels * ratio)),
      height: Math.round(Math.sqrt(pixels / ratio)),
    };
    if (Math.min(part.width, part.height) < 1 || part.width > width || part.height > height) continue;
    return {
      x: random.integer(width - part.width + 1),
      y: random.integer(height - part.height + 1),
      ...part,
    };
  }
  const part = {
    width: Math.min(width, Math.max(1, Math.round(height * widest))),
    height: Math.min(height, Math.max(1, Math.round(width / narrowest))),
  };
  return { x: Math.floor((width - part.width) / 2), y: Math.floor((height - part.height) / 2), ...part };
}

/** @param size height and width of what is made of the part */
export function randomResizedCrop(
  picture: Picture,
  [height, width]: readonly [number, number],
  options: RandomResizedCropOptions & { readonly interpolation?: Interpolation | undefined },
  random: Random,
): Picture {
  return resize(cut(picture, randomArea(picture, options, random)), width, height, options.interpolation);
}

/**
 * The picture moved by up to so many pixels in both directions, black where it left.
 * Source: He et al., "Deep Residual Learning", 2016, section 4.2, for small pictures.
 */
export function shifted(picture: Picture, pixels: number, random: Random): Picture {
  const [right, down] = [1, 2].map(() => random.integer(2 * pixels + 1) - pixels);
  const { data, width, height } = picture;
  const result = new Uint8Array(data.length);
  const columns = width - Math.abs(right);
  if (columns <= 0) return { data: result, width, height };
  for (let row = Math.max(0, down); row < height + Math.min(0, down); row++) {
    const from = 3 * ((row - down) * width + Math.max(0, -right));
    result.set(data.subarray(from, from + 3 * columns), 3 * (row * width + Math.max(0, right)));
  }
  return { data: result, width, height };
}

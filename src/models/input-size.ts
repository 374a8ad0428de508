import { UsageError } from '../errors.js';
import { heightAndWidth, simplified } from '../image/preprocess.js';
import type { Preprocessing } from '../image/index.js';
import type { Extent } from './vision-transformer-config.js';

type Pair = readonly [height: number, width: number];

/** How pictures are made ready for an input of another size: what is cut off of them stays the same share. */
export function preprocessingAt(own: Preprocessing, size: Extent): Preprocessing {
  const [from, to] = [heightAndWidth(own.size), heightAndWidth(size)];
  const scaled = (side: number, axis: 0 | 1): number =>
    Math.max(to[axis], Math.floor((side * to[axis]) / from[axis]));
  const both = ([height, width]: Pair): Pair => [scaled(height, 0), scaled(width, 1)];
  switch (own.fit) {
    case 'crop': {
      const whole = both([own.shortSide, own.shortSide]);
      if (to[0] === to[1] && from[0] === from[1]) return { ...own, size, shortSide: whole[0] };
      const { mean, std, interpolation = 'bicubic' } = own;
      return { mean, std, interpolation, fit: 'cover', cover: whole, size };
    }
    case 'cover':
      return { ...own, size, cover: both(own.cover) };
    case 'squash':
      return { ...own, size, ...(own.resized ? { resized: both(own.resized) } : {}) };
    default:
      return own satisfies never;
  }
}

/**
 * Reads `384`, or `384x512` for height and width.
 * @param what it is, for messages
 * @throws UsageError if it is neither, or no size of a picture
 */
export function parseImageSize(text: string, what: string): Extent {
  const found = /^\s*(\d+)\s*(?:[x×]\s*(\d+)\s*)?$/i.exec(text);
  const [height, width] = (found ?? [])
    .slice(1)
    .map((side: string | undefined) => Number(side ?? found?.[1]));
  const isSize = (side: number | undefined): boolean => side !== undefined && side >= 1 && side <= 8192;
  if (isSize(height) && isSize(width)) return simplified([height, width]);
  throw new UsageError(
    `${what} is "${text}"; give pixels, such as 384, or height and width, such as 384x512.`,
  );
}

import { ImageError } from '../../errors.js';
import type { Mask } from '../../image/index.js';
import type { MaskReading } from './data-set.js';

/** How the colours of masks are read. */

function ofPixels(
  { width, height, data }: Parameters<MaskReading>[0],
  value: (red: number, green: number, blue: number) => number,
): Mask {
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) values[i] = value(data[3 * i], data[3 * i + 1], data[3 * i + 2]);
  return { width, height, values };
}

/** From the middle between black and white on, white is meant; below it, whatever is not black. */
const MIDDLE = 128;

/**
 * One object: black is outside, white is inside, grey a soft edge. A mask without anything bright holds numbers, 0 and 1 mostly,
 * and whatever is not 0 is inside.
 */
export const grey: MaskReading = (mask) => {
  const isBright = hasBright(mask.data);
  return ofPixels(mask, (red, green, blue) => {
    const sum = red + green + blue;
    return isBright ? sum / (3 * 255) : Number(sum > 0);
  });
};

function hasBright(data: Uint8Array): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] >= MIDDLE) return true;
  return false;
}

/** The object has one colour. */
export function ofColour(colour: number): MaskReading {
  return (mask) => ofPixels(mask, (red, green, blue) => Number(packed(red, green, blue) === colour));
}

/** 1 is the animal, 2 what is around it, 3 the line between, half of which is the animal's. */
export const trimap: MaskReading = (mask) => {
  const known = [0, 1, 0, 0.5];
  if (mask.data.some((value) => value >= known.length)) {
    throw new ImageError('a trimap holds 1, 2 and 3, and this mask more');
  }
  return ofPixels(mask, (value) => known[value]);
};

/** Numbers of categories, red and 256 times green; 0 is outside, 1000 is not known. */
const unknown = 1000;

export const numbered: MaskReading = (mask) =>
  ofPixels(mask, (red, green) => {
    const category = red + 256 * green;
    return category === 0 || category === unknown ? 0 : 1;
  });

export function packed(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

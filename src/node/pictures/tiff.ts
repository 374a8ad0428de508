import { NEITHER_COLOUR_NOR_ALPHA, NOT_RGB } from './refusals.js';

/** Field types that hold unsigned integers, by their number: bytes a value. */
const integerBytes: Partial<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8 };

/** Colour samples a pixel, by photometric interpretation: those that are converted to RGB as they should be. */
const colourSamples: Partial<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };

const YCBCR = 6;
const JPEG_COMPRESSION = 7;

/**
 * What keeps the first picture of a TIFF file from being read for certain, as the end of "holds ...".
 * Undefined if nothing does. Source: TIFF 6.0, and the BigTIFF design for files of version 43.
 *
 * @throws RangeError if the directory lies outside of the file
 */
export function tiffDoubt(bytes: Buffer): string | undefined {
  const field = firstDirectory(bytes);
  const [photometric] = field(262) ?? [-1];
  const colours = colourSamples[photometric];
  // Outside of JPEG data, the decoder takes these samples for RGB.
  const isRawYcbcr = photometric === YCBCR && field(259)?.[0] !== JPEG_COMPRESSION;
  if (colours === undefined || isRawYcbcr) return NOT_RGB;
  const extra = (field(277)?.[0] ?? 1) - colours;
  const kinds = field(338) ?? [];
  const isAlpha = kinds[0] === 1 || kinds[0] === 2;
  if (extra === 0 || (extra === 1 && isAlpha)) return undefined;
  return NEITHER_COLOUR_NOR_ALPHA;
}

/**
 * The whole numbers of a field in the first directory, at most eight, by tag.
 *
 * @throws RangeError if the directory lies outside of the file
 */
export function firstDirectory(bytes: Buffer): (tag: number) => number[] | undefined {
  const isLittle = bytes[0] === 0x49;
  const read = (at: number, size: number): number => {
    const value = Buffer.from(bytes.subarray(at, at + size));
    if (value.length < size) throw new RangeError('the directory lies outside of the file');
    if (isLittle) value.reverse();
    return Number(BigInt(`0x${value.toString('hex')}`));
  };
  const isBig = read(2, 2) === 43;
  const word = isBig ? 8 : 4;
  const start = read(isBig ? 8 : 4, word);
  const countBytes = isBig ? 8 : 2;
  const entryBytes = 4 + 2 * word;
  const count = read(start, countBytes);
  return (tag) => {
    for (let i = 0; i < count; i++) {
      const entry = start + countBytes + i * entryBytes;
      if (read(entry, 2) !== tag) continue;
      const size = integerBytes[read(entry + 2, 2)];
      if (size === undefined) return undefined;
      const values = read(entry + 4, word);
      const inline = entry + 4 + word;
      const at = values * size <= word ? inline : read(inline, word);
      return Array.from({ length: Math.min(values, 8) }, (_, value) => read(at + value * size, size));
    }
    return undefined;
  };
}

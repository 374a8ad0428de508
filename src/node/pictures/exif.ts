import { inflateSync } from 'node:zlib';
import type { Picture, Size } from '../../image/picture.js';
import { firstDirectory } from './tiff.js';

const ORIENTATION = 274;
const LONGEST_PROFILE = 2 ** 24; // bytes, when decompressed

/**
 * How EXIF data say that a picture lies, 1 to 8; 1, upright, if they do not say it.
 *
 * @param data a TIFF directory, with or without the marker that precedes it in JPEG files
 */
export function exifOrientation(data: Buffer): number {
  const tiff = data.toString('latin1', 0, 4) === 'Exif' ? data.subarray(6) : data;
  if (!/^(II\*\0|MM\0\*)/.test(tiff.toString('latin1', 0, 4))) return 1;
  try {
    const value = firstDirectory(tiff)(ORIENTATION)?.[0] ?? 1;
    return value >= 1 && value <= 8 ? value : 1;
  } catch (error) {
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/**
 * The EXIF data that a PNG text chunk holds in hexadecimal, as ImageMagick and ExifTool write them.
 * Undefined if it holds something else.
 */
export function exifInText(type: string, chunk: Buffer): Buffer | undefined {
  const keyword = /^Raw profile type (exif|APP1)\0/.exec(chunk.toString('latin1', 0, 30));
  if (!keyword) return undefined;
  const content = chunk.subarray(keyword[0].length);
  const profile = (type === 'zTXt' ? inflated(content) : content).toString('latin1');
  // A name and a length stand before the bytes.
  const header = /^\s*\w+\s+\d+\s/.exec(profile);
  return header ? Buffer.from(profile.slice(header[0].length).replace(/\s/g, ''), 'hex') : undefined;
}

function inflated(content: Buffer): Buffer {
  try {
    return inflateSync(content.subarray(1), { maxOutputLength: LONGEST_PROFILE });
  } catch {
    // Viewers show a picture whose notes are damaged.
    return Buffer.alloc(0);
  }
}

const swapsSides = new Set([5, 6, 7, 8]);
const flipsColumns = new Set([2, 3, 7, 8]);
const flipsRows = new Set([3, 4, 6, 7]);

/** The picture as it is meant to be seen. @param orientation by EXIF, 1 to 8 */
export function upright(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width: columns, height: rows, data, reducedFrom } = picture;
  const [acrossFlips, downFlips] = [flipsColumns.has(orientation), flipsRows.has(orientation)];
  const across = acrossFlips ? -3 : 3;
  const down = (downFlips ? -3 : 3) * columns;
  const first = 3 * ((downFlips ? rows - 1 : 0) * columns + (acrossFlips ? columns - 1 : 0));
  const swaps = swapsSides.has(orientation);
  const turned = ({ width, height }: Size): Size =>
    swaps ? { width: height, height: width } : { width, height };
  const { width, height } = turned(picture);
  const [stepX, stepY] = swaps ? [down, across] : [across, down];
  const result = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = first + y * stepY;
    for (let x = 0; x < width; x++) {
      result[to++] = data[from];
      result[to++] = data[from + 1];
      result[to++] = data[from + 2];
      from += stepX;
    }
  }
  return { width, height, data: result, ...(reducedFrom ? { reducedFrom: turned(reducedFrom) } : {}) };
}

import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture } from '../../image/picture.js';
import { readBmpHeader, type BmpHeader } from './bmp-header.js';
import { readRuns } from './bmp-runs.js';
import type { Decoded } from './decoded.js';
import { reductionOf, type PictureLimits } from './limits.js';
import { cutOff, damaged, NEITHER_COLOUR_NOR_ALPHA, NOT_RGB, unreadable } from './refusals.js';

/**
 * A BMP file to 8-bit RGB: palettes are expanded, fewer and more bits scaled and rounded, what is said to be alpha
 * is laid over white. Colour spaces are ignored, as Pillow ignores them.
 *
 * @param path for messages
 * @throws ImageError if the bytes are no whole picture, too large a one, or one whose pixels would be guessed
 */
export function readBmp(path: string, bytes: Buffer, limits: PictureLimits): Decoded {
  const header = readBmpHeader(path, bytes);
  reductionOf(path, header, 'whole', limits);
  const picture = (header.bits <= 8 ? readIndexed : readDirect)(path, bytes, header);
  return { picture, orientation: 1, pages: 1 };
}

function readIndexed(path: string, bytes: Buffer, header: BmpHeader): Picture {
  const { width, height, palette, entryBytes } = header;
  const indices = header.coding === 'plain' ? unpack(path, bytes, header) : readRuns(path, bytes, header);
  const colours = palette.length / entryBytes;
  const data = new Uint8Array(3 * width * height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = rowOf(y, header) * width;
    for (let x = 0; x < width; x++) {
      const index = indices[row + x];
      if (index >= colours) throw damaged(path);
      for (let channel = 2; channel >= 0; channel--) data[to++] = palette[index * entryBytes + channel];
    }
  }
  return { width, height, data };
}

/** The number in the file of row `y` from above. */
function rowOf(y: number, { height, isTopDown }: BmpHeader): number {
  return isTopDown ? y : height - 1 - y;
}

/** Bytes from a row to the next one. Behind the last one, none need be there for the sake of it. */
function strideOf(path: string, bytes: Buffer, { width, height, bits, start }: BmpHeader): number {
  const stride = 4 * Math.ceil((width * bits) / 32);
  const needed = (height - 1) * stride + Math.ceil((width * bits) / 8);
  if (bytes.length - start < needed) throw cutOff(path);
  return stride;
}

/** Indices of 1, 4 or 8 bits. [height, width], rows as in the file */
function unpack(path: string, bytes: Buffer, header: BmpHeader): Uint8Array {
  const { width, height, bits, start } = header;
  const stride = strideOf(path, bytes, header);
  const indices = new Uint8Array(width * height);
  const highest = 2 ** bits - 1;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0, bit = 0; x < width; x++, bit += bits) {
      const byte = bytes[start + y * stride + (bit >> 3)];
      indices[to++] = (byte >> (8 - bits - (bit & 7))) & highest;
    }
  }
  return indices;
}

/** Pixels of 16, 24 or 32 bits. */
function readDirect(path: string, bytes: Buffer, header: BmpHeader): Picture {
  const { width, height, bits, start, masks } = header;
  const stride = strideOf(path, bytes, header);
  const channels = channelsOf(path, masks);
  const unused = ~masks.reduce((all, mask) => all | mask) & (2 ** bits - 1);
  let [setSomewhere, setEverywhere] = [0, -1];
  const data = new Uint8Array(channels.length * width * height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let at = start + rowOf(y, header) * stride;
    for (let x = 0; x < width; x++) {
      let pixel = 0;
      for (let bit = 0; bit < bits; bit += 8) pixel |= bytes[at++] << bit;
      setSomewhere |= pixel;
      setEverywhere &= pixel;
      // Storing cuts the fraction off.
      for (const { mask, shift, highest } of channels)
        data[to++] = (255 * ((pixel & mask) >>> shift)) / highest + 0.5;
    }
  }
  // Some programs put alpha where the format has nothing; but what is the same everywhere may be left out.
  if (((setSomewhere ^ setEverywhere) & unused) !== 0) throw unreadable(path, NEITHER_COLOUR_NOR_ALPHA);
  const [, , , alpha] = masks;
  if (alpha !== 0 && (setSomewhere & alpha) === 0) throw unreadable(path, 'alpha that hides everything');
  return flattenOverWhite(data, channels.length, width, height);
}

/** Red, green, blue and, if there is any, alpha. */
function channelsOf(path: string, masks: readonly number[]) {
  const used = masks.slice(0, masks[3] === 0 ? 3 : 4);
  const channels = used.map((mask) => {
    const shift = 31 - Math.clz32(mask & -mask);
    return { mask, shift, highest: mask >>> shift };
  });
  const areApart = used.reduce((all, mask) => all | mask) >>> 0 === used.reduce((sum, mask) => sum + mask);
  const areWhole = channels.every(({ mask, highest }) => mask !== 0 && (highest & (highest + 1)) === 0);
  if (!areApart || !areWhole) throw unreadable(path, NOT_RGB);
  return channels;
}

import { flattenOverWhite } from '../../image/flatten.js';
import type { Decoded } from './decoded.js';
import { reductionOf, type PictureLimits } from './limits.js';
import { cutOff, damaged } from './refusals.js';

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, HASH, ZERO] = [...Buffer.from('\t\n\r #0')];

/** True if the bytes begin as PBM, PGM and PPM files do, as text or not. */
export function isPnm(bytes: Buffer): boolean {
  return /^P[1-6](\s+\d|\s*#)/.test(bytes.toString('latin1', 0, 100));
}

interface PnmHeader {
  readonly width: number;
  readonly height: number;
  /** Samples a pixel. */
  readonly channels: number;
  /** What stands for white. */
  readonly maximum: number;
  /** Black is 1, white 0, and a sample takes a bit. */
  readonly isBitmap: boolean;
  readonly isText: boolean;
  /** Where the samples begin. */
  readonly start: number;
}

/** A comment goes on to the end of its line. */
const gap = /(?:\s|#[^\n\r]*[\n\r])+/.source;
const bitmapHeader = new RegExp(`^P[14]${gap}(\\d+)${gap}(\\d+)\\s`);
const greyOrColourHeader = new RegExp(`^P[2356]${gap}(\\d+)${gap}(\\d+)${gap}(\\d+)\\s`);
/** Comments may stand between the numbers. */
const LONGEST_HEADER = 2 ** 16;

function headerOf(bytes: Buffer): PnmHeader | undefined {
  const kind = bytes[1] - ZERO;
  const isBitmap = kind % 3 === 1;
  const form = isBitmap ? bitmapHeader : greyOrColourHeader;
  const found = form.exec(bytes.toString('latin1', 0, LONGEST_HEADER));
  if (!found) return undefined;
  const [width, height, maximum = 1] = found.slice(1).map(Number);
  if (maximum < 1 || maximum >= 2 ** 16) return undefined;
  const channels = kind % 3 === 0 ? 3 : 1;
  return { width, height, channels, maximum, isBitmap, isText: kind <= 3, start: found[0].length };
}

/**
 * The first picture of a PBM, PGM or PPM file to 8-bit RGB: 0 to the header's maximum becomes 0 to 255, rounded.
 * Source: the manual pages of Netpbm.
 *
 * @param path for messages
 * @throws ImageError if samples are missing or above the maximum, or the picture is too large
 */
export function readPnm(path: string, bytes: Buffer, limits: PictureLimits): Decoded {
  const header = headerOf(bytes);
  if (!header) throw damaged(path);
  reductionOf(path, header, 'whole', limits);
  const { width, height, channels, maximum, isBitmap, isText } = header;
  const samples = isText ? readText(path, bytes, header) : readBinary(bytes, header);
  const count = width * height * channels;
  if (samples.length < count) throw cutOff(path);
  const levels = Uint8Array.from({ length: maximum + 1 }, (_, sample) =>
    Math.round((255 * (isBitmap ? maximum - sample : sample)) / maximum),
  );
  const data = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (samples[i] > maximum) throw damaged(path);
    data[i] = levels[samples[i]];
  }
  const picture = flattenOverWhite(data, channels, width, height);
  return { picture, orientation: 1, pages: isText ? 1 : countPictures(bytes) };
}

/** Mostly a header has no comment, and of a long row of pictures it need not be looked for far. */
const USUAL_HEADER = 128;

/** How many whole pictures stand one behind the other, which only those that are no text may. */
function countPictures(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; count++) {
    const header = headerOf(bytes.subarray(at, at + USUAL_HEADER)) ?? headerOf(bytes.subarray(at));
    if (!header || header.isText) break;
    const { width, height, channels, maximum, isBitmap, start } = header;
    const rowBytes = isBitmap ? Math.ceil(width / 8) : width * channels * (maximum < 256 ? 1 : 2);
    at += start + rowBytes * height;
    if (at > bytes.length) break;
  }
  return count;
}

/** As many samples as the bytes hold, at most those of one picture. */
function readBinary(bytes: Buffer, header: PnmHeader): ArrayLike<number> {
  const { width, height, channels, maximum, isBitmap, start } = header;
  const content = bytes.subarray(start);
  if (isBitmap) return unpackBits(content, width, height);
  if (maximum < 256) return content;
  const samples = Math.min(width * height * channels, content.length >> 1);
  return Uint16Array.from({ length: samples }, (_, i) => content.readUInt16BE(2 * i));
}

/** Every row begins with a byte of its own. */
function unpackBits(content: Buffer, width: number, height: number): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const rows = Math.min(height, Math.floor(content.length / rowBytes));
  const samples = new Uint8Array(rows * width);
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < width; x++) samples[to++] = (content[y * rowBytes + (x >> 3)] >> (7 - (x & 7))) & 1;
  return samples;
}

/** The same of numbers in decimal digits; those of a bitmap, of one digit each, need nothing between them. */
function readText(path: string, bytes: Buffer, header: PnmHeader): Uint16Array {
  const { width, height, channels, maximum, isBitmap, start } = header;
  const samples = new Uint16Array(Math.min(width * height * channels, bytes.length));
  let count = 0;
  let at = endOfGap(bytes, start);
  while (count < samples.length && at < bytes.length) {
    let value = 0;
    do {
      const digit = bytes[at++] - ZERO;
      value = 10 * value + digit;
      if (!isDigit(digit) || value > maximum) throw damaged(path);
    } while (!isBitmap && isDigit(bytes[at] - ZERO));
    samples[count++] = value;
    at = endOfGap(bytes, at);
  }
  return samples.subarray(0, count);
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

/** Where white space and comments end. */
function endOfGap(bytes: Buffer, from: number): number {
  let isComment = false;
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === HASH) isComment = true;
    else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) isComment = false;
    else if (!isComment && byte !== SPACE && !(byte >= TAB && byte <= CARRIAGE_RETURN)) break;
  }
  return at;
}

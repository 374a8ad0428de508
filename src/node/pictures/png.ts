import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture } from '../../image/picture.js';
import { errorCode } from '../files/write.js';
import type { Decoded } from './decoded.js';
import { exifInText, exifOrientation } from './exif.js';
import { reductionOf, type PictureLimits } from './limits.js';
import { cutOff, damaged } from './refusals.js';
import { readWithSharp } from './sharp.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHUNK_OVERHEAD = 12; // length, type and checksum

/** True if the bytes begin as a PNG file does. */
export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}

/** Samples a pixel, by the header's colour type. */
const samples: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What the chunk headers of a PNG say, before anything is decompressed. */
interface PngOutline {
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly bitsPerPixel: number;
  /** How the picture lies, by EXIF: 1 to 8. */
  readonly orientation: number;
  /** Frames of its animation; 1 if there is none. */
  readonly pages: number;
  /** The compressed pixels, in pieces. */
  readonly pixelData: readonly Buffer[];
  /** Where the last chunk ends. Undefined if the file stops before it. */
  readonly end: number | undefined;
}

/** Walks the chunks. Returns undefined if the first is not a picture header. */
function outlinePng(bytes: Buffer): PngOutline | undefined {
  const headerEnd = SIGNATURE.length + CHUNK_OVERHEAD + 13;
  if (bytes.length < headerEnd || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = bytes.readUInt32BE(16);
  const bitsPerPixel = bytes[24] * (samples[bytes[25]] ?? 0);
  const pixelData: Buffer[] = [];
  let exif: Buffer | undefined;
  let exifText: Buffer | undefined;
  let pages = 1;
  let end: number | undefined;
  let at = SIGNATURE.length;
  while (end === undefined && at + CHUNK_OVERHEAD <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const next = at + CHUNK_OVERHEAD + bytes.readUInt32BE(at);
    const content = bytes.subarray(at + 8, next - 4);
    if (type === 'IDAT') pixelData.push(content);
    if (type === 'acTL' && content.length >= 4) pages = content.readUInt32BE();
    if (type === 'eXIf') exif ??= content;
    if (type === 'tEXt' || type === 'zTXt') exifText ??= exifInText(type, content);
    if (type === 'IEND' && next <= bytes.length) end = next;
    at = next;
  }
  return {
    width,
    height: bytes.readUInt32BE(20),
    interlaced: bytes[28] !== 0,
    bitsPerPixel,
    orientation: exifOrientation(exif ?? exifText ?? Buffer.alloc(0)),
    pages,
    pixelData,
    end,
  };
}

/**
 * A PNG to 8-bit RGB: palettes and 1, 2, 4 bits are expanded, 16 bits scaled and rounded, transparency laid over
 * white. Colour profiles and gamma are ignored, as Pillow ignores them.
 *
 * @param path for messages
 * @throws ImageError if the bytes are no whole picture, or too large a one
 */
export async function readPng(path: string, bytes: Buffer, limits: PictureLimits): Promise<Decoded> {
  const outline = outlinePng(bytes);
  if (!outline) throw damaged(path);
  const { width, height, orientation, pages, interlaced, end } = outline;
  reductionOf(path, outline, interlaced ? 'buffer' : 'rows', limits);
  if (end === undefined) throw cutOff(path);
  const picture =
    width * height > limits.whole
      ? undefined
      : // The decoder refuses a file with anything behind its last chunk, which viewers accept.
        decodeExact(path, bytes.subarray(0, end), outline);
  return { picture: picture ?? (await readWithSharp(path, bytes, limits)).picture, orientation, pages };
}

/** Undefined if the file holds more data than its pixels: this decoder would inflate all, a thousand times its size. */
function decodeExact(path: string, bytes: Buffer, outline: PngOutline): Picture | undefined {
  try {
    if (holdsMore(outline)) return undefined;
    const { data, width, height } = PNG.sync.read(bytes);
    return flattenOverWhite(data, 4, width, height);
  } catch (error) {
    throw damaged(path, error);
  }
}

/**
 * pngjs fills rows that are missing with whatever the memory held, so the bytes are counted before it runs.
 *
 * @throws an Error if there are fewer than the pixels take
 */
function holdsMore(outline: PngOutline): boolean {
  const expected = inflatedBytes(outline);
  let length: number;
  try {
    length = inflateSync(Buffer.concat(outline.pixelData), { maxOutputLength: expected }).length;
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return true;
    throw error;
  }
  if (length < expected) throw new Error(`pixel data ends after ${length} of ${expected} bytes`);
  return false;
}

/** An interlaced picture is sent in passes, each of pixels so far apart: first column and row, and steps. */
const passes = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
]; // prettier-ignore

function inflatedBytes({ width, height, interlaced, bitsPerPixel }: PngOutline): number {
  let bytes = 0;
  for (const [column, row, across, down] of interlaced ? passes : [[0, 0, 1, 1]]) {
    const [columns, rows] = [Math.ceil((width - column) / across), Math.ceil((height - row) / down)];
    // Each row begins with the number of its filter.
    if (columns > 0 && rows > 0) bytes += rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  }
  return bytes;
}

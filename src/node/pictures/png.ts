import { crc32, inflateSync } from 'node:zlib';
import type { Picture } from '../../image/picture.js';
import { errorCode } from '../files/write.js';
import type { Decoded } from './decoded.js';
import { exifInText, exifOrientation } from './exif.js';
import { reductionOf, type PictureLimits } from './limits.js';
import { colourTypes, inflatedBytes, pixelsOf, type PngLayout } from './png-pixels.js';
import { cutOff, damaged } from './refusals.js';
import { readWithSharp } from './sharp.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHUNK_OVERHEAD = 12; // length, type and checksum
const HEADER = 13; // bytes of what the first chunk holds

/** True if the bytes begin as a PNG file does. */
export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}

/** A part of a file. */
interface Chunk {
  readonly type: string;
  readonly content: Buffer;
  /** What the checksum is of: the type and the content. */
  readonly summed: Buffer;
  /** Where the next one begins; if that is behind the end of the file, this one is cut off. */
  readonly next: number;
}

function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = SIGNATURE.length; at + CHUNK_OVERHEAD <= bytes.length;) {
    const next = at + CHUNK_OVERHEAD + bytes.readUInt32BE(at);
    const summed = bytes.subarray(at + 4, next - 4);
    yield { type: summed.toString('latin1', 0, 4), content: summed.subarray(4), summed, next };
    at = next;
  }
}

/** What the chunks of a PNG say, before anything is decompressed. */
interface PngOutline {
  readonly header: Buffer;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly palette: Buffer;
  readonly transparency: Buffer;
  /** How the picture lies, by EXIF: 1 to 8. */
  readonly orientation: number;
  /** Frames of its animation; 1 if there is none. */
  readonly pages: number;
  /** The compressed pixels, in pieces. */
  readonly pixelData: readonly Buffer[];
  /** Where the last chunk ends. Undefined if the file stops before it. */
  readonly end: number | undefined;
}

/** Walks the chunks up to the last. Returns undefined if the first is not a picture header. */
function outlinePng(bytes: Buffer): PngOutline | undefined {
  const headerEnd = SIGNATURE.length + CHUNK_OVERHEAD + HEADER;
  if (bytes.length < headerEnd || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const header = bytes.subarray(16, 16 + HEADER);
  const pixelData: Buffer[] = [];
  const first: Partial<Record<string, Buffer>> = {};
  let exifText: Buffer | undefined;
  let end: number | undefined;
  for (const { type, content, next } of chunksOf(bytes)) {
    first[type] ??= content;
    if (type === 'IDAT') pixelData.push(content);
    if (type === 'tEXt' || type === 'zTXt') exifText ??= exifInText(type, content);
    if (type === 'IEND') {
      if (next <= bytes.length) end = next;
      break;
    }
  }
  const { acTL, eXIf, PLTE, tRNS } = first;
  const nothing = Buffer.alloc(0);
  return {
    header,
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    interlaced: header[12] !== 0,
    palette: PLTE ?? nothing,
    transparency: tRNS ?? nothing,
    orientation: exifOrientation(eXIf ?? exifText ?? nothing),
    pages: acTL !== undefined && acTL.length >= 4 ? acTL.readUInt32BE() : 1,
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
      : // Anything behind the last chunk viewers accept.
        decodeExact(path, bytes.subarray(0, end), outline);
  return { picture: picture ?? (await readWithSharp(path, bytes, limits)).picture, orientation, pages };
}

/** Undefined if the file holds more data than its pixels, which may be a thousand times its size. */
function decodeExact(path: string, bytes: Buffer, outline: PngOutline): Picture | undefined {
  try {
    checkChunks(bytes);
    const layout = layoutOf(outline);
    const inflated = inflatedData(outline, inflatedBytes(layout));
    return inflated && pixelsOf(layout, inflated);
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Chunks that all must know, and what there is of transparency, which changes pixels; of others viewers forgive everything. */
function checkChunks(bytes: Buffer): void {
  const known = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS']);
  for (const { type, summed, next } of chunksOf(bytes)) {
    const isCritical = /^[A-Z]/.test(type);
    if (isCritical && !known.has(type)) throw new Error(`unknown chunk ${type}`);
    if (known.has(type) && crc32(summed) !== bytes.readUInt32BE(next - 4)) {
      throw new Error(`the checksum of a chunk ${type} is wrong`);
    }
  }
}

function layoutOf({ header, ...outline }: PngOutline): PngLayout {
  const [depth, type, compression, filters, interlacing] = header.subarray(8);
  const colour = colourTypes[type];
  if (!colour?.depths.includes(depth)) throw new Error(`colour type ${type} with ${depth} bits`);
  if (compression !== 0 || filters !== 0 || interlacing > 1) throw new Error('unknown methods');
  return { ...outline, depth, colour };
}

/**
 * @returns undefined if there are more bytes than expected
 * @throws Error if there are fewer
 */
function inflatedData({ pixelData }: PngOutline, expected: number): Buffer | undefined {
  let inflated: Buffer;
  try {
    // In one piece, which has a byte more if there is more than is expected.
    const options = { maxOutputLength: expected, chunkSize: Math.max(64, expected + 1) };
    inflated = inflateSync(Buffer.concat(pixelData), options);
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
  if (inflated.length < expected) {
    throw new Error(`pixel data ends after ${inflated.length} of ${expected} bytes`);
  }
  return inflated;
}

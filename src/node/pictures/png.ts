import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { flattenOverWhite } from '../../image/flatten.js';
import { checkPicture } from '../../image/given.js';
import type { Picture } from '../../image/picture.js';
import { errorCode } from '../files/write.js';
import { exifInText, exifOrientation, upright } from './exif.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHUNK_OVERHEAD = 12; // length, type and checksum

/** True if the bytes begin as a PNG file does. */
export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
}

/** Samples a pixel, by the header's colour type. */
const samples: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What the chunk headers of a PNG say, before anything is decompressed. */
export interface PngOutline {
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** Bytes a row takes once decompressed, its filter's number included. */
  readonly rowBytes: number;
  /** How the picture lies, by EXIF: 1 to 8. */
  readonly orientation: number;
  /** The compressed pixels, in pieces. */
  readonly pixelData: readonly Buffer[];
  /** Where the last chunk ends. Undefined if the file stops before it. */
  readonly end: number | undefined;
}

/** Walks the chunks. Returns undefined if the first is not a picture header. */
export function outlinePng(bytes: Buffer): PngOutline | undefined {
  const headerEnd = SIGNATURE.length + CHUNK_OVERHEAD + 13;
  if (bytes.length < headerEnd || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = bytes.readUInt32BE(16);
  const bitsPerPixel = bytes[24] * (samples[bytes[25]] ?? 0);
  const pixelData: Buffer[] = [];
  let exif: Buffer | undefined;
  let exifText: Buffer | undefined;
  let end: number | undefined;
  let at = SIGNATURE.length;
  while (end === undefined && at + CHUNK_OVERHEAD <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const next = at + CHUNK_OVERHEAD + bytes.readUInt32BE(at);
    const content = bytes.subarray(at + 8, next - 4);
    if (type === 'IDAT') pixelData.push(content);
    if (type === 'eXIf') exif ??= content;
    if (type === 'tEXt' || type === 'zTXt') exifText ??= exifInText(type, content);
    if (type === 'IEND' && next <= bytes.length) end = next;
    at = next;
  }
  const rowBytes = Math.ceil((width * bitsPerPixel) / 8) + 1;
  return {
    width,
    height: bytes.readUInt32BE(20),
    interlaced: bytes[28] !== 0,
    rowBytes,
    orientation: exifOrientation(exif ?? exifText ?? Buffer.alloc(0)),
    pixelData,
    end,
  };
}

/**
 * A PNG that is not interlaced to 8-bit RGB: palettes and 1, 2, 4 bits are expanded, 16 bits scaled and rounded,
 * transparency laid over white, EXIF orientation applied. Colour profiles and gamma are ignored, as Pillow ignores them.
 *
 * @throws an Error in the decoder's words if the data is damaged
 */
export function decodePng(bytes: Buffer, outline: PngOutline): Picture {
  checkRows(outline);
  // The decoder refuses a file with anything behind its last chunk, which viewers accept.
  const { data, width, height } = PNG.sync.read(bytes.subarray(0, outline.end));
  return upright(flattenOverWhite(data, 4, width, height), outline.orientation);
}

/** pngjs fills rows that are missing with whatever the memory held, so they are counted before it runs. */
function checkRows({ pixelData, rowBytes, height }: PngOutline): void {
  const expected = rowBytes * height;
  let length: number;
  try {
    length = inflateSync(Buffer.concat(pixelData), { maxOutputLength: expected }).length;
  } catch (error) {
    // More than enough is harmless, and the limit has kept it from filling the memory.
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return;
    throw error;
  }
  if (length < expected) throw new Error(`pixel data ends after ${length} of ${expected} bytes`);
}

/** 8-bit RGB, losslessly compressed. */
export function encodePng(picture: Picture): Buffer {
  checkPicture('encodePng', picture);
  const { width, height, data } = picture;
  const png = new PNG();
  png.width = width;
  png.height = height;
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  // One fixed filter and level 6: half the time of trying all filters at level 9, for the same size on photographs.
  return PNG.sync.write(png, {
    colorType: 2,
    inputColorType: 2,
    inputHasAlpha: false,
    filterType: 4,
    deflateLevel: 6,
  });
}

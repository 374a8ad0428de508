import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateSync, type ZlibOptions } from 'node:zlib';
import { checkPicture } from '../../image/given.js';
import type { Picture } from '../../image/picture.js';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Of a header: eight bits, red green blue, deflated, the filters of the standard, not interlaced. */
const kind = [8, 2, 0, 0, 0];

/**
 * 8-bit RGB, losslessly compressed.
 * One filter, and repeats of a pixel alone, in a third of the time that a library takes, which is a tenth of what explaining a picture
 * takes: with other filters and all repeats a panel is smaller by an eighth.
 * Source: Portable Network Graphics, W3C recommendation, 2003.
 */
export function encodePng(picture: Picture): Uint8Array {
  checkPicture('encodePng', picture);
  return fileOf(picture, deflateSync(filtered(picture), compression));
}

/** The same, compressed by two cores beside whatever else is done. */
export async function encodePngBeside(picture: Picture): Promise<Uint8Array> {
  checkPicture('encodePngBeside', picture);
  return fileOf(picture, await inHalves(filtered(picture)));
}

const compression = { strategy: constants.Z_RLE };

/**
 * As `deflateSync` does it, but for where the halves meet: they have no block, and no repeat, in common.
 * Source: Deutsch and Gailly, "ZLIB Compressed Data Format Specification", RFC 1950, 1996.
 */
async function inHalves(bytes: Uint8Array): Promise<Uint8Array> {
  const middle = Math.ceil(bytes.length / 2);
  const halves = [
    deflated(bytes.subarray(0, middle), { ...compression, finishFlush: constants.Z_FULL_FLUSH }),
    deflated(bytes.subarray(middle), compression),
  ];
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(adler32(bytes));
  return Buffer.concat([zlibHeader, ...(await Promise.all(halves)), checksum]);
}

const deflated = promisify(deflateRaw) as (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

/** A window of 32 kB, and no dictionary. */
const zlibHeader = Buffer.from([0x78, 0x01]);

/** After so many bytes sums are still below 2^31, up to which numbers are whole ones to the compiler. */
const bytesBetweenRemainders = 3850;

function adler32(bytes: Uint8Array): number {
  const prime = 65521;
  let [sum, ofSums] = [1, 0];
  for (let start = 0; start < bytes.length; start += bytesBetweenRemainders) {
    const end = Math.min(bytes.length, start + bytesBetweenRemainders);
    for (let i = start; i < end; i++) {
      sum += bytes[i];
      ofSums += sum;
    }
    sum %= prime;
    ofSums %= prime;
  }
  return ofSums * 65536 + sum;
}

function fileOf({ width, height }: Picture, compressed: Uint8Array): Uint8Array {
  const header = Buffer.alloc(8 + kind.length);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set(kind, 8);
  return Buffer.concat([
    Buffer.from(signature),
    ...chunk('IHDR', header),
    ...chunk('IDAT', compressed),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
}

const UP = 2;

/** Each row less the one above it, behind the number of that filter. */
function filtered({ width, height, data }: Picture): Uint8Array {
  const row = 3 * width;
  const result = new Uint8Array((row + 1) * height);
  // There is nothing above the first row.
  result.set(data.subarray(0, row), 1);
  for (let y = 0; y < height; y++) result[y * (row + 1)] = UP;
  for (let y = 1; y < height; y++) {
    const to = y * (row + 1) + 1;
    const from = y * row;
    for (let i = 0; i < row; i++) result[to + i] = data[from + i] - data[from + i - row];
  }
  return result;
}

/** A part of the file: length, name, content, checksum. */
function chunk(name: string, content: Uint8Array): readonly Uint8Array[] {
  const before = Buffer.alloc(8);
  before.writeUInt32BE(content.length);
  before.write(name, 4, 'latin1');
  const after = Buffer.alloc(4);
  after.writeUInt32BE(crc32(content, crc32(before.subarray(4))));
  return [before, content, after];
}

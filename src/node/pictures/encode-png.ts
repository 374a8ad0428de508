import { once } from 'node:events';
import { constants, crc32, createDeflate, deflateSync } from 'node:zlib';
import { checkPicture } from '../../image/given.js';
import type { Picture } from '../../image/picture.js';
import { bytesToFill } from '../devices/native.js';

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

/** In few pieces: each waits for the event loop. */
const compression = { strategy: constants.Z_RLE, chunkSize: 2 ** 20 };

/**
 * As `deflateSync` does it, but for where the halves meet: they have no block, and no repeat, in common.
 * Source: Deutsch and Gailly, "ZLIB Compressed Data Format Specification", RFC 1950, 1996.
 */
async function inHalves(bytes: Uint8Array): Promise<Uint8Array> {
  const middle = Math.ceil(bytes.length / 2);
  const halves = [bytes.subarray(0, middle), bytes.subarray(middle)];
  const [first, second] = await Promise.all(halves.map(deflated));
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(joined(first.checksum, second.checksum, bytes.length - middle));
  // The second begins with a header of its own.
  return Buffer.concat([first.blocks, second.blocks.subarray(headerBytes), second.end, checksum]);
}

const headerBytes = 2;

interface Deflated {
  /** A header, and blocks of which none is the last. */
  readonly blocks: Uint8Array;
  /** The last block, which is empty. */
  readonly end: Uint8Array;
  /** Of what was compressed. */
  readonly checksum: number;
}

async function deflated(bytes: Uint8Array): Promise<Deflated> {
  const stream = createDeflate(compression);
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.write(bytes);
    stream.flush(constants.Z_FULL_FLUSH, () => {
      resolve();
    });
  });
  const blocks = Buffer.concat(pieces.splice(0));
  const ended = once(stream, 'end');
  stream.end();
  await ended;
  const rest = Buffer.concat(pieces);
  return { blocks, end: rest.subarray(0, -4), checksum: rest.readUInt32BE(rest.length - 4) };
}

/** The largest prime below 65536. */
const prime = 65521;

/**
 * Adler-32 of two pieces, one after the other, from those of each: the sum of bytes, which begins at 1, and above it the sum of
 * those sums, to which each byte of the second adds the sum of the first.
 */
function joined(first: number, second: number, secondBytes: number): number {
  const [sum, next] = [first & 0xffff, second & 0xffff];
  const sums = (first >>> 16) + (second >>> 16) + (secondBytes % prime) * (sum - 1 + prime);
  return (sums % prime) * 65536 + ((sum + next - 1 + prime) % prime);
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
  const result = bytesToFill((row + 1) * height);
  // Rows begin anywhere in a picture, and at the beginning of these.
  let [line, above] = [new Int32Array(Math.ceil(row / 4)), new Int32Array(Math.ceil(row / 4))];
  const difference = new Int32Array(line.length);
  const differences = new Uint8Array(difference.buffer, 0, row);
  for (let y = 0; y < height; y++) {
    new Uint8Array(line.buffer).set(data.subarray(y * row, (y + 1) * row));
    lessBytes(line, above, difference);
    // Above the first row is nothing: zeros.
    result[y * (row + 1)] = UP;
    result.set(differences, y * (row + 1) + 1);
    [line, above] = [above, line];
  }
  return result;
}

/**
 * Byte by byte `a - b`, four bytes at a time: the highest bit of each, set in what is subtracted from, keeps a byte from borrowing
 * of the next one, and is put right afterwards.
 */
function lessBytes(a: Int32Array, b: Int32Array, difference: Int32Array): void {
  const highest = 0x80808080 | 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    difference[i] = ((x | highest) - (y & ~highest)) ^ ((x ^ ~y) & highest);
  }
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

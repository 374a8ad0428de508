import type { Size } from '../../image/picture.js';

const SEQUENCE_HEADER = 1;

/**
 * The largest frames that the data of an AV1 picture announce; whatever stands around them may claim less.
 * Source: AV1 bitstream and decoding process specification, sections 5.3 to 5.5.
 *
 * @throws RangeError if the data end inside of a header
 */
export function av1FrameSizes(data: Buffer): Size[] {
  const sizes: Size[] = [];
  for (let at = 0; at < data.length;) {
    const header = data[at];
    at += header & 4 ? 2 : 1;
    let length = data.length - at;
    if (header & 2) [length, at] = readLength(data, at);
    if (((header >> 3) & 0xf) === SEQUENCE_HEADER) sizes.push(readFrameSize(data.subarray(at, at + length)));
    at += length;
  }
  return sizes;
}

/** Seven bits a byte, the least significant first. */
function readLength(data: Buffer, from: number): [length: number, end: number] {
  let length = 0;
  let at = from;
  do length += (data.readUInt8(at) & 0x7f) * 2 ** (7 * (at - from));
  while (data[at++] & 0x80);
  return [length, at];
}

function readFrameSize(header: Buffer): Size {
  let position = 0;
  const read = (bits: number): number => {
    let value = 0;
    for (const end = position + bits; position < end; position++)
      value = 2 * value + ((header.readUInt8(position >> 3) >> (7 - (position & 7))) & 1);
    return value;
  };
  read(4); // profile, whether it is a still picture
  if (read(1)) read(5);
  else skipOperatingPoints(read);
  const [widthBits, heightBits] = [read(4) + 1, read(4) + 1];
  return { width: read(widthBits) + 1, height: read(heightBits) + 1 };
}

/** What only matters in films. */
function skipOperatingPoints(read: (bits: number) => number): void {
  let delayBits: number | undefined;
  if (read(1)) {
    read(64); // ticks
    if (read(1)) skipCount(read);
    if (read(1)) {
      delayBits = read(5) + 1;
      read(42);
    }
  }
  const hasInitialDelay = read(1);
  for (let points = read(5) + 1; points > 0; points--) {
    read(12);
    if (read(5) > 7) read(1);
    if (delayBits !== undefined && read(1)) read(2 * delayBits + 1);
    if (hasInitialDelay && read(1)) read(4);
  }
}

/** A number that begins with as many zeros as bits follow behind the next one. */
function skipCount(read: (bits: number) => number): void {
  let zeros = 0;
  while (read(1) === 0) zeros++;
  read(zeros);
}

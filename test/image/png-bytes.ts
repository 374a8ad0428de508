import { crc32, deflateSync } from 'node:zlib';

export interface PngDescription {
  /** Bits a sample. */
  depth: number;
  /** PNG's colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  color: number;
  width: number;
  /** What the header claims; the number of rows unless told otherwise. */
  height?: number;
  /** Each begins with its filter's number. Of an interlaced picture, those of its seven passes. */
  rows: number[][];
  /** Compressed, instead of the rows, whatever it is. */
  pixelData?: Buffer;
  interlaced?: boolean;
  palette?: number[];
  transparency?: number[];
  /** Chunks of other types, which stand before the pixels. */
  others?: [type: string, data: Buffer][];
}

/** A PNG file made chunk by chunk, so that tests can make kinds and damages that encoders do not write. */
export function makePng({
  depth,
  color,
  width,
  height,
  rows,
  pixelData = deflateSync(Buffer.from(rows.flat())),
  palette,
  transparency,
  interlaced = false,
  others = [],
}: PngDescription): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height ?? rows.length, 4);
  header.set([depth, color, 0, 0, Number(interlaced)], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Buffer.from(palette))] : []),
    ...(transparency ? [chunk('tRNS', Buffer.from(transparency))] : []),
    ...others.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', pixelData),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

import { crc32, deflateRawSync } from 'node:zlib';
import { littleEndian } from './little-endian.js';

export interface ZipRecord {
  readonly name: string;
  readonly data: Buffer;
  readonly deflated?: boolean;
}

/**
 * A zip file as PyTorch writes it: numbers at multiples of 64 bytes, by a field of padding before them, and always an end
 * record of zip64 before the classic one.
 */
export function zipBytes(records: readonly ZipRecord[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, deflated = false } of records) {
    const stored = deflated ? deflateRawSync(data) : data;
    const padding = (128 - ((at + 30 + name.length + 4) % 64)) % 64;
    const extra = Buffer.concat([littleEndian([2, 0x4246], [2, padding]), Buffer.alloc(padding, 'Z')]);
    const facts = Buffer.concat([
      littleEndian([2, 0], [2, 0x0800], [2, deflated ? 8 : 0], [4, 0], [4, crc32(data)]),
      littleEndian([4, stored.length], [4, data.length], [2, name.length]),
    ]);
    const local = [
      littleEndian([4, 0x04034b50]),
      facts,
      littleEndian([2, extra.length]),
      Buffer.from(name),
      extra,
      stored,
    ];
    directory.push(
      littleEndian([4, 0x02014b50], [2, 0]),
      facts,
      littleEndian([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
      Buffer.from(name),
    );
    parts.push(...local);
    at += local.reduce((length, part) => length + part.length, 0);
  }
  const size = directory.reduce((length, part) => length + part.length, 0);
  const count = records.length;
  const zip64 = Buffer.concat([
    littleEndian(
      [4, 0x06064b50],
      [8, 44],
      [2, 0],
      [2, 45],
      [4, 0],
      [4, 0],
      [8, count],
      [8, count],
      [8, size],
      [8, at],
    ),
    littleEndian([4, 0x07064b50], [4, 0], [8, at + size], [4, 1]),
  ]);
  const end = littleEndian(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, at],
    [2, 0],
  );
  return Buffer.concat([...parts, ...directory, zip64, end]);
}

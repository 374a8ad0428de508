import type { Size } from '../../image/picture.js';
import { av1FrameSizes } from './av1.js';

/**
 * All sizes that decoding an AVIF file could take memory for: those of its frames, and those of the canvases that it
 * puts them together on. Its header may claim less.
 * Source: ISO/IEC 14496-12, section 8.11, and 23008-12, section 6.6.2.
 *
 * @throws RangeError if the boxes contradict themselves
 */
export function avifSizes(bytes: Buffer): Size[] {
  const meta = boxesOf(find(boxesOf(bytes), 'meta').subarray(4));
  const types = itemTypes(find(meta, 'iinf'));
  const inside = meta.find(({ type }) => type === 'idat')?.content ?? Buffer.alloc(0);
  return itemsOf(find(meta, 'iloc'), [bytes, inside]).flatMap(({ id, data }) => {
    const type = types.get(id) ?? '';
    if (type === 'av01') return av1FrameSizes(data);
    const at = canvasAt[type];
    return at === undefined ? [] : [canvasSize(data, at)];
  });
}

/** Where the items that are put together from others have the size of the whole. */
const canvasAt: Partial<Record<string, number>> = { grid: 4, iovl: 10 };

function canvasSize(data: Buffer, at: number): Size {
  const bytes = data.readUInt8(1) & 1 ? 4 : 2;
  return { width: data.readUIntBE(at, bytes), height: data.readUIntBE(at + bytes, bytes) };
}

interface Box {
  readonly type: string;
  readonly content: Buffer;
}

function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const short = bytes.readUInt32BE(at);
    const start = at + (short === 1 ? 16 : 8);
    // 0 is said of the last one.
    const end =
      short === 0 ? bytes.length : at + (short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short);
    if (end < start) throw new RangeError('a box ends before it begins');
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(start, end) });
    at = end;
  }
  return boxes;
}

function find(boxes: readonly Box[], wanted: string): Buffer {
  const found = boxes.find(({ type }) => type === wanted);
  if (!found) throw new RangeError(`there is no box ${wanted}`);
  return found.content;
}

/** What kind each item is of, by its number. */
function itemTypes(iinf: Buffer): Map<number, string> {
  const entries = boxesOf(iinf.subarray(iinf.readUInt8(0) === 0 ? 6 : 8));
  return new Map(
    entries.map(({ content }) => {
      const idBytes = content.readUInt8(0) < 3 ? 2 : 4;
      const at = 4 + idBytes + 2;
      return [content.readUIntBE(4, idBytes), content.toString('latin1', at, at + 4)];
    }),
  );
}

/** The data of all items. @param sources those that extents count from, by the number of their method */
function itemsOf(iloc: Buffer, sources: readonly Buffer[]): { id: number; data: Buffer }[] {
  let at = 4;
  // Extents that say nothing of themselves take no room, and could name the whole file again and again.
  let room = sources[0].length;
  const read = (bytes: number): number => {
    at += bytes;
    if (bytes === 8) return Number(iloc.readBigUInt64BE(at - 8));
    return bytes === 0 ? 0 : iloc.readUIntBE(at - bytes, bytes);
  };
  const version = iloc.readUInt8(0);
  const [sizes, moreSizes] = [read(1), read(1)];
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 0xf, moreSizes >> 4];
  const indexBytes = version === 0 ? 0 : moreSizes & 0xf;
  const idBytes = version < 2 ? 2 : 4;
  return Array.from({ length: read(idBytes) }, () => {
    const id = read(idBytes);
    const source = sources.at(version === 0 ? 0 : read(2) & 0xf);
    if (!source) throw new RangeError('an item is made of other items');
    read(2); // the file, which is this one
    const base = read(baseBytes);
    const extents = Array.from({ length: read(2) }, () => {
      read(indexBytes);
      const start = base + read(offsetBytes);
      const extent = source.subarray(start, start + (read(lengthBytes) || source.length));
      room -= extent.length;
      if (room < 0) throw new RangeError('the items hold more than the file');
      return extent;
    });
    return { id, data: Buffer.concat(extents) };
  });
}

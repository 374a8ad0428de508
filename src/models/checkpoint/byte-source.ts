import { WeightsError } from '../../errors.js';

/** A file, or whatever else has bytes at places. It is read by ranges: a large one is never in memory as a whole. */
export interface ByteSource {
  /** For messages; a file's path. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Bytes [begin, end). If they fill their buffer, it is the reader's alone; if they are a part of it, they share it with
   * others that were read: do not change them.
   * @throws WeightsError if they cannot be read
   */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  const read = (begin: number, end: number): Uint8Array<ArrayBuffer> => {
    const part = bytes.subarray(begin, end);
    return part.byteLength < bytes.buffer.byteLength ? part : part.slice();
  };
  return { name, size: bytes.length, read: (begin, end) => Promise.resolve(read(begin, end)) };
}

/** A browser's file, or any other blob. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}

/** The first bytes, at most so many: what tells a format. */
export function readStart(source: ByteSource, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return source.read(0, Math.min(length, source.size));
}

/** @throws WeightsError if the source does not have all the bytes [begin, end) */
export function checkRange(source: ByteSource, begin: number, end: number): void {
  if (begin >= 0 && begin <= end && end <= source.size) return;
  throw new WeightsError(
    `"${source.name}" is cut short or damaged: it speaks of its bytes ${begin} to ${end}, but has only ${source.size}; fetch it again.`,
  );
}

import type { FileEntry } from '@zip.js/zip.js/index.min.js';
import { WeightsError } from '../../../errors.js';

/**
 * All bytes of a compressed record, not one more than the directory promises.
 * @throws WeightsError if it is damaged
 */
export async function readInflated(entry: FileEntry, source: string): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(0);
  let length = 0;
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => {
      if (length + chunk.length > bytes.length) throw new RangeError('it is longer than the directory says');
      bytes.set(chunk, length);
      length += chunk.length;
    },
  });
  try {
    // Throws if there is no such room: what the directory promises may be anything.
    bytes = new Uint8Array(entry.uncompressedSize);
    await entry.getData(writable, { useWebWorkers: false, checkSignature: true });
    if (length < bytes.length) throw new RangeError('it is shorter than the directory says');
  } catch (error) {
    const why = error instanceof Error ? error.message.toLowerCase() : String(error);
    throw new WeightsError(
      `"${source}" is damaged: its record ${JSON.stringify(entry.filename)} cannot be decompressed (${why}); fetch it again.`,
    );
  }
  return bytes;
}

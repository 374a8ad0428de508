import type { FileEntry } from '@zip.js/zip.js/index.min.js';
import { WeightsError } from '../../../errors.js';
import type { ByteSource } from '../byte-source.js';

/** Of the header before each record, without its name and further fields. */
const headerBytes = 30;

/**
 * Where the bytes of a record begin that is stored as it is: the directory tells where the record's own header is, and
 * only that one how long it is.
 * @throws WeightsError if there is none, or the record would end beyond the file
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.7
 */
export async function stretchOf(source: ByteSource, entry: FileEntry): Promise<number> {
  const damaged = (what: string): never => {
    throw new WeightsError(
      `"${source.name}" is damaged: its record ${JSON.stringify(entry.filename)} ${what}; fetch it again.`,
    );
  };
  const { offset } = entry;
  if (offset + headerBytes > source.size) return damaged(`would begin at byte ${offset}, beyond the end`);
  const bytes = await source.read(offset, offset + headerBytes);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (header.getUint32(0, true) !== 0x04034b50) return damaged('is not where the directory says');
  const begin = offset + headerBytes + header.getUint16(26, true) + header.getUint16(28, true);
  const end = begin + entry.uncompressedSize;
  if (end > source.size) return damaged(`would end at byte ${end} of ${source.size}`);
  return begin;
}

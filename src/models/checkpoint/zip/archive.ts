import type { Entry, FileEntry } from '@zip.js/zip.js/index.min.js';
import { WeightsError } from '../../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { coalesced } from '../coalesced.js';
import { readInflated } from './inflate.js';
import { stretchOf } from './stored.js';
import { preferringZip64 } from './zip64.js';

/** A record of a zip file. */
export interface ArchiveRecord {
  /** In bytes, inflated. */
  readonly size: number;
  /** Its bytes [begin, end). */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Records by name. Names are only names: nothing is ever written under them. */
export type Archive = ReadonlyMap<string, ArchiveRecord>;

/** More than any checkpoint has, and few enough for the memory of any machine. */
const mostRecords = 200_000;

const methods = { stored: 0, deflated: 8 } as const;

/**
 * Opens a zip file: reads its directory, not its records.
 * @throws WeightsError if the directory is damaged or lies about the file
 */
export async function openArchive(source: ByteSource): Promise<Archive> {
  const fail = (what: string): never => {
    throw new WeightsError(`"${source.name}" ${what}.`);
  };
  const entries = await entriesOf(await preferringZip64(source), fail);
  const data = coalesced(source);
  const records = new Map<string, ArchiveRecord>();
  for (const entry of entries) {
    const name = entry.filename;
    if (records.has(name)) fail(`is damaged: it holds two records ${JSON.stringify(name)}`);
    if (entry.encrypted) fail(`is encrypted; save it without a password`);
    records.set(name, recordOf(data, entry, fail));
  }
  return records;
}

type Fail = (what: string) => never;

async function entriesOf(source: ByteSource, fail: Fail): Promise<FileEntry[]> {
  const { Reader, ZipReader } = await import('@zip.js/zip.js/index.min.js');
  class SourceReader extends Reader<ByteSource> {
    override size = source.size;
    override readUint8Array(begin: number, length: number): Promise<Uint8Array> {
      return source.read(begin, Math.min(begin + length, source.size));
    }
  }
  const reader = new ZipReader(new SourceReader(source), { useWebWorkers: false, strictness: 'strict' });
  const entries: FileEntry[] = [];
  try {
    for await (const entry of reader.getEntriesGenerator() as AsyncIterable<Entry>) {
      if (entry.directory) continue;
      if (entries.push(entry) > mostRecords) break;
    }
  } catch (error) {
    if (error instanceof WeightsError) throw error;
    const why = error instanceof Error ? error.message.toLowerCase() : String(error);
    return fail(
      `is no whole zip file, as a PyTorch checkpoint is (${why}): it was cut short or is damaged; fetch it again`,
    );
  }
  if (entries.length > mostRecords) fail(`holds more than ${mostRecords} records, as no checkpoint does`);
  return entries;
}

function recordOf(source: ByteSource, entry: FileEntry, fail: Fail): ArchiveRecord {
  const size = entry.uncompressedSize;
  const name = JSON.stringify(entry.filename);
  if (entry.compressionMethod === methods.stored) {
    if (entry.compressedSize !== size) {
      fail(`is damaged: its record ${name} has ${entry.compressedSize} bytes and, not compressed, ${size}`);
    }
    let stretch: Promise<number> | undefined;
    return {
      size,
      read: async (begin, end) => {
        const start = await (stretch ??= stretchOf(source, entry));
        return source.read(start + begin, start + end);
      },
    };
  }
  if (entry.compressionMethod === methods.deflated) {
    return {
      size,
      read: async (begin, end) => (await readInflated(entry, source.name)).subarray(begin, end),
    };
  }
  return fail(`holds ${name} compressed in a way that is not known (method ${entry.compressionMethod})`);
}

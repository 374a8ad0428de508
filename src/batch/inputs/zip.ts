import { UsageError, WeightsError } from '../../errors.js';
import { openArchive, type Archive } from '../../models/checkpoint/zip/archive.js';
import { FileSource } from '../../node/files/file-source.js';
import type { Item, Surroundings } from './item.js';
import { refuseTooLarge } from './largest.js';
import { isPictureName } from './picture-names.js';

/** Directories of those that were read last: pictures come archive by archive. */
const opened = new Map<string, Promise<Archive>>();
const MOST_OPENED = 8;

/**
 * The pictures of an archive, in its order.
 * @throws UsageError if its directory is damaged, or it is encrypted
 */
export async function itemsOfZip(path: string, { relative }: Surroundings): Promise<Item[]> {
  const names = [...(await archiveAt(path)).keys()].filter(isPictureName);
  return names.map((entry) => ({ name: `${relative(path)}/${entry}`, place: { kind: 'zip', path, entry } }));
}

/** @throws UsageError if there is no such entry any more, or it is damaged; ImageError if it is too large */
export async function bytesInZip(path: string, entry: string, name: string): Promise<Buffer> {
  const record = (await archiveAt(path)).get(entry);
  if (!record) throw new UsageError(`The archive ${path} no longer holds ${entry}.`);
  refuseTooLarge(record.size, name);
  const bytes = await inWords(path, record.read(0, record.size));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function archiveAt(path: string): Promise<Archive> {
  const known = opened.get(path);
  if (known) return known;
  const opening = inWords(
    path,
    Promise.resolve().then(() => openArchive(new FileSource(path))),
  );
  opened.set(path, opening);
  opening.catch(() => opened.delete(path));
  if (opened.size > MOST_OPENED) opened.delete(opened.keys().next().value!);
  return opening;
}

/** The reader of archives is that of checkpoints. */
async function inWords<Result>(path: string, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new UsageError(`The archive ${error.message.replaceAll(`"${path}"`, path)}`, { cause: error });
  }
}

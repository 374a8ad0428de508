import { open, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../../errors.js';
import { aText, bytes, expectGiven, type Expectation } from '../../given.js';
import { failureInWords } from './failure-in-words.js';
import { removeLeftovers, temporaryIn } from './temporary.js';

/** The system's code of a failed file operation ('ENOENT', 'EACCES', …), if the error carries one. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** What the codes mean where a file is written, and what to do about it. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; create the folder or choose another path',
  ENOTDIR: 'a part of the path is a file, not a folder; choose another path',
  EISDIR: 'it is a folder; give the name of a file',
  EACCES: 'permission was denied; choose a path that you may write to',
  EPERM: 'permission was denied; choose a path that you may write to',
  EROFS: 'the disk is read-only; choose another path',
  ENOSPC: 'the disk is full; make room or choose another path',
  EDQUOT: 'the disk quota is used up; make room or choose another path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  ERR_INVALID_ARG_VALUE: 'its name holds a null character; choose another path',
};

function reasonOf(error: unknown, code: string): string {
  return reasons[code] ?? `${failureInWords(error)}; mend that or choose another path`;
}

/** Bytes, text, which is written as UTF-8, or pieces of one of them, of which never more than one is in memory. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/** What is to be written where. */
export interface FileToWrite {
  readonly path: string;
  readonly data: FileContent;
}

const filesToWrite: Expectation<readonly FileToWrite[]> = {
  words: 'paths with bytes or text',
  fits: (value): value is readonly FileToWrite[] =>
    Array.isArray(value) &&
    value.every((file: unknown) => {
      const { path, data } = Object(file) as Partial<FileToWrite>;
      return aText.fits(path) && (aText.fits(data) || bytes.fits(data) || isPieces(data));
    }),
};

/** Whether it is made piece by piece. */
export function isPieces(data: unknown): data is AsyncIterable<Uint8Array | string> {
  return Symbol.asyncIterator in (Object(data) as object);
}

/**
 * Writes a file so that nobody ever finds half of it: into a temporary file in the same folder, which then
 * takes the name. If anything fails, what stood under the name is still there and the temporary file is gone; if the
 * process is killed, the next one that writes into the folder removes it.
 * A symbolic link is followed, an existing file keeps its permissions, and a device or pipe (/dev/stdout) is
 * written to directly, since it cannot be replaced.
 *
 * @throws UsageError if the path cannot be written; the message names it and says why; what pieces throw
 */
export async function writeFileAtomically(path: string, data: FileContent): Promise<void> {
  await writeFilesAtomically([{ path, data }]);
}

/**
 * `writeFileAtomically` for files that belong together: none takes its name before all are on the disk, so a
 * full disk or a folder in the way of one leaves the others unwritten too. They take their names in order.
 *
 * @throws UsageError if a path cannot be written; the message names it and says why
 */
export async function writeFilesAtomically(files: readonly FileToWrite[]): Promise<void> {
  expectGiven('The list of files to write', files, filesToWrite);
  const staged: StagedFile[] = [];
  try {
    for (const file of files) staged.push(await inWords(file.path, stage(file)));
    for (const { path, commit } of staged) await inWords(path, commit());
  } finally {
    for (const { abandon } of staged) await abandon();
  }
}

/**
 * Finds out before a long work whether its result can be written, as far as that can be known then.
 * @throws UsageError as `writeFileAtomically`
 */
export async function checkWritable(path: string): Promise<void> {
  const { abandon } = await inWords(path, stage({ path, data: '' }));
  await abandon();
}

/** @throws UsageError that says in words why something cannot be written */
export async function inWords<Result>(path: string, action: Promise<Result>): Promise<Result> {
  try {
    return await action;
  } catch (error) {
    const code = errorCode(error);
    // What the file system did not report (Node's own codes begin with ERR_) is a mistake of ours: it stays visible.
    if (code === undefined || (code.startsWith('ERR_') && !Object.hasOwn(reasons, code))) throw error;
    throw new UsageError(`Cannot write ${path}: ${reasonOf(error, code)}.`, { cause: error });
  }
}

/** A file whose bytes are on the disk, but not yet under its name. */
interface StagedFile {
  readonly path: string;
  readonly commit: () => Promise<void>;
  /** Removes what `commit` has not moved. */
  readonly abandon: () => Promise<void>;
}

async function stage({ path, data }: FileToWrite): Promise<StagedFile> {
  const existing = await stat(path).catch(() => undefined);
  if (existing) {
    if (existing.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    if (!existing.isFile()) {
      return { path, commit: () => writeFile(path, data as string), abandon: () => Promise.resolve() };
    }
    // Renaming asks for the folder's permission only; a write-protected file is meant to stay.
    const check = await open(path, 'r+');
    await check.close();
  }
  const target = existing ? await realpath(path) : path;
  const folder = dirname(target);
  await removeLeftovers(folder);
  const { path: temporary, remove: abandon } = temporaryIn(folder);
  try {
    const file = await open(temporary, 'wx', existing?.mode);
    try {
      await file.writeFile(data as string);
      // Otherwise a power cut could leave the new name on an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await abandon();
    throw error;
  }
  return { path, commit: () => rename(temporary, target), abandon };
}

import { rmdirSync, unlinkSync } from 'node:fs';
import { mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../../errors.js';
import { atExit } from './at-exit.js';
import { temporaryIn } from './temporary.js';
import { errorCode, inWords } from './write.js';
import { formatWriter, parseWriter, stateOf, thisWriter } from './writer.js';

/** More often than processes that begin and end at the same moment could be in each other's way. */
const ATTEMPTS = 20;

/**
 * Takes something for this process alone, until the returned function is called or the process ends. Of processes that
 * want it at the same time one gets it; what a killed one held is taken over.
 *
 * A lock is a folder with one file, which is named after its holder. It comes into being with that file in it, by a rename
 * that fails where there is a lock already; and whoever takes over renames the dead holder's file, which only one can do.
 * So there is no moment in which two could take it, nor one in which nobody can tell who has it.
 * @param path of the lock, which is made and removed
 * @param refusal what to tell the person, given who has it and what to do: "process 4711; wait until it has ended"
 * @returns gives it back
 * @throws UsageError if another process has it or may have it, or no lock can be made there
 */
export async function takeLock(path: string, refusal: (holder: string) => string): Promise<() => void> {
  const own = formatWriter(thisWriter());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await make(path, own)) return held(path, own);
    const holder = await holderOf(path);
    // It was given back just now, or somebody was killed while doing so.
    if (holder === undefined) await rmdir(path).catch(() => undefined);
    else if (!isAbandoned(holder)) throw new UsageError(refusal(inPlainWords(holder, path)));
    else if (await succeeds(rename(join(path, holder), join(path, own)))) return held(path, own);
  }
  throw new UsageError(`Cannot take ${path}, which others take and give back all the time; try again.`);
}

/** @returns false if there is one already */
async function make(path: string, own: string): Promise<boolean> {
  const { path: temporary, remove } = temporaryIn(dirname(path));
  try {
    await inWords(path, mkdir(temporary));
    await inWords(path, writeFile(join(temporary, own), ''));
    return await succeeds(rename(temporary, path));
  } finally {
    await remove();
  }
}

/** The name of the file in the lock; undefined if the lock is gone, or was left empty. */
async function holderOf(path: string): Promise<string | undefined> {
  const names = readdir(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return (await inWords(path, names)).at(0);
}

function isAbandoned(holder: string): boolean {
  const writer = parseWriter(holder);
  return writer !== undefined && stateOf(writer) === 'dead';
}

/** Who has it and what to do about it, as the part of a sentence that goes on with ", or". */
function inPlainWords(holder: string, path: string): string {
  const writer = parseWriter(holder);
  if (writer && stateOf(writer) === 'alive') return `process ${writer.pid}; wait until it has ended`;
  const who = writer ? `process ${writer.pid} on "${writer.host}"` : 'a process that is not known';
  return `${who}, of which this machine cannot tell whether it still runs; delete ${path} if it does not`;
}

function held(path: string, own: string): () => void {
  const release = (): void => {
    unlinkSync(join(path, own));
    // Fails if somebody has put the next lock in the place of the empty one.
    rmdirSync(path);
  };
  const forget = atExit(release);
  return () => {
    forget();
    try {
      release();
    } catch {
      // Somebody has deleted it, or taken it meanwhile.
    }
  };
}

function succeeds(renaming: Promise<void>): Promise<boolean> {
  return renaming.then(
    () => true,
    () => false,
  );
}

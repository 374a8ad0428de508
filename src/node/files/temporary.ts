import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { atExit } from './at-exit.js';
import { formatWriter, parseWriter, stateOf, thisWriter } from './writer.js';

/** A hidden place for what is being written. */
export interface TemporaryFile {
  readonly path: string;
  /** Removes what is still there. */
  readonly remove: () => Promise<void>;
}

/** Nobody writes a file for as long as this: one of a process that cannot be asked is then taken for abandoned. */
const DAY = 24 * 3600 * 1000;

const temporaryPattern = /^\.vitrine-([\w.-]*[\da-f]{8})\.tmp$/;

/** The name of a temporary file, which does not exist yet. It is gone when the process exits, if not before. */
export function temporaryIn(folder: string): TemporaryFile {
  const path = join(folder, `.vitrine-${mark()}.tmp`);
  const forget = atExit(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}

const swept = new Map<string, Promise<void>>();

/**
 * Removes what processes that were killed have left in a folder under the names of `temporaryIn`, once in the life of a
 * process. What a live process is writing stays, and so does what cannot be removed.
 */
export function removeLeftovers(folder: string): Promise<void> {
  const path = resolve(folder);
  let sweep = swept.get(path);
  if (!sweep) swept.set(path, (sweep = removeAbandoned(path)));
  return sweep;
}

/** What tells a name of this process from all others: who it is, and a random number. */
function mark(): string {
  return `${formatWriter(thisWriter())}-${randomBytes(4).toString('hex')}`;
}

/** Removes the files of which the writers were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const match = temporaryPattern.exec(name);
    if (!match) continue;
    const path = join(folder, name);
    const writer = parseWriter(match[1].replace(/-[\da-f]{8}$/, ''));
    const state = writer ? stateOf(writer) : 'unknown';
    if (state === 'dead' || (state === 'unknown' && (await isOlder(path, DAY)))) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function isOlder(path: string, age: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > age;
}

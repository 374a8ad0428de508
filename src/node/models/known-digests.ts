import fs from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { stateOf, type FileState } from '../files/file-state.js';
import { cachedFile } from '../files/own-cache.js';
import { writeFileAtomically } from '../files/write.js';
import type { WeightsFile } from './weights-file.js';

/** What a checkpoint's files were when they were hashed. */
interface Known {
  readonly state: string;
  readonly sha256: string;
}

/** Smaller ones are hashed sooner than they are looked up. */
const worthKeeping = 2 ** 22;
/** A file system's clock may stand still for so long: what was changed meanwhile looks unchanged. */
const clockStandsMilliseconds = 2000;
/** The oldest are forgotten. */
const mostKept = 256;

/**
 * The digest of files that are what they were when they were hashed last, which takes longer than explaining a picture with the
 * model; else it is made. Nothing depends on the file of digests: what cannot be read or written is done without.
 * @param opened the files of one checkpoint as they were when they were opened: what was read of others is none of theirs
 * @param hash reads them all
 * @param path the file of digests, by the path of the first file of each checkpoint
 */
export async function digestOnce(
  opened: readonly Pick<WeightsFile, 'name' | 'size' | 'state'>[],
  hash: () => Promise<string>,
  path: string | undefined = ownFile(),
): Promise<string> {
  const states = opened.map(({ state }) => state).filter((state) => state !== undefined);
  const bytes = opened.reduce((sum, { size }) => sum + size, 0);
  const begun = Date.now();
  if (path === undefined || states.length < opened.length || bytes < worthKeeping) return hash();
  const [name] = opened.map((file) => resolve(file.name));
  const state = inWords(states);
  const isSame = (): boolean => opened.every((file, i) => stateNow(file.name) === inWords([states[i]]));
  if (!isSame()) return hash();
  const entry = (await readEntries(path)).get(name);
  if (entry?.state === state) return entry.sha256;
  const sha256 = await hash();
  const isSettled = states.every(
    ({ changed }) => Number(changed / 1_000_000n) + clockStandsMilliseconds < begun,
  );
  if (isSettled && isSame()) {
    // As they are by now: others may have written meanwhile.
    const entries = await readEntries(path);
    entries.delete(name);
    entries.set(name, { state, sha256 });
    await writeEntries(path, [...entries].slice(-mostKept)).catch(() => undefined);
  }
  return sha256;
}

function inWords(states: readonly FileState[]): string {
  return states.map(({ content, changed }) => `${content},${changed}`).join(';');
}

function stateNow(path: string): string | undefined {
  try {
    return inWords([stateOf(fs.statSync(path, { bigint: true }))]);
  } catch {
    return undefined;
  }
}

/** Undefined where nobody has a home. */
function ownFile(): string | undefined {
  try {
    return cachedFile('digests.json');
  } catch {
    return undefined;
  }
}

async function readEntries(path: string): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  try {
    for (const [name, entry] of Object.entries(JSON.parse(await readFile(path, 'utf8')) as object)) {
      const { state, sha256 } = Object(entry) as Partial<Record<keyof Known, unknown>>;
      if (typeof state !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) continue;
      known.set(name, { state, sha256 });
    }
  } catch {
    // Not there yet, or no such file: it is written anew.
  }
  return known;
}

async function writeEntries(path: string, entries: readonly (readonly [string, Known])[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

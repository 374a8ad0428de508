import fs from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cachedFile } from '../files/own-cache.js';
import { writeFileAtomically } from '../files/write.js';

/** What a file was. */
export interface FileState {
  readonly path: string;
  /** Where it lies, how large it is, when it and what is said of it were last changed. */
  readonly words: string;
  readonly bytes: number;
  /** In milliseconds. */
  readonly changed: number;
}

/** Undefined of what keeps no numbers, such as a pipe, or cannot be looked at. */
export function stateOf(path: string): FileState | undefined {
  try {
    const stats = fs.statSync(path, { bigint: true });
    if (!stats.isFile()) return undefined;
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    const changed = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
    return { path, words: [dev, ino, size, mtimeNs, ctimeNs].join(), bytes: Number(size), changed };
  } catch {
    return undefined;
  }
}

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
  opened: readonly (FileState | undefined)[],
  hash: () => Promise<string>,
  path: string | undefined = ownFile(),
): Promise<string> {
  const files = opened.filter((file) => file !== undefined);
  const isSame = (): boolean => files.every((file) => stateOf(file.path)?.words === file.words);
  const isKept =
    files.length === opened.length && files.reduce((sum, { bytes }) => sum + bytes, 0) >= worthKeeping;
  const begun = Date.now();
  if (path === undefined || !isKept || !isSame()) return hash();
  const name = files[0].path;
  const state = files.map(({ words }) => words).join(';');
  const entry = (await readEntries(path)).get(name);
  if (entry?.state === state) return entry.sha256;
  const sha256 = await hash();
  const isSettled = files.every(({ changed }) => changed + clockStandsMilliseconds < begun);
  if (isSettled && isSame()) {
    // As they are by now: others may have written meanwhile.
    const entries = await readEntries(path);
    entries.delete(name);
    entries.set(name, { state, sha256 });
    await writeEntries(path, [...entries].slice(-mostKept)).catch(() => undefined);
  }
  return sha256;
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

import fs from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cachedFile } from '../files/own-cache.js';
import { writeFileAtomically } from '../files/write.js';

/** What a checkpoint's files were when they were hashed. */
interface Known {
  /** Of every file: where it lies, how large it is, when it and what is said of it were last changed. */
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
 * @param paths of all the files of one checkpoint
 * @param hash reads them all
 * @param path the file of digests, by the path of the first file of each checkpoint
 */
export async function digestOnce(
  paths: readonly string[],
  hash: () => Promise<string>,
  path: string = cachedFile('digests.json'),
): Promise<string> {
  const begun = Date.now();
  const before = stateOf(paths);
  if (before === undefined || before.bytes < worthKeeping) return hash();
  const [name] = paths;
  const entry = (await readEntries(path)).get(name);
  if (entry?.state === before.words) return entry.sha256;
  const sha256 = await hash();
  const isSettled = before.changed + clockStandsMilliseconds < begun;
  if (isSettled && stateOf(paths)?.words === before.words) {
    // As they are by now: others may have written meanwhile.
    const entries = await readEntries(path);
    entries.delete(name);
    entries.set(name, { state: before.words, sha256 });
    await writeEntries(path, [...entries].slice(-mostKept)).catch(() => undefined);
  }
  return sha256;
}

/** Undefined if a file is none that keeps its numbers, such as a pipe. */
function stateOf(paths: readonly string[]): { words: string; bytes: number; changed: number } | undefined {
  try {
    const all = paths.map((path) => fs.statSync(path, { bigint: true }));
    if (!all.every((stats) => stats.isFile())) return undefined;
    return {
      words: all
        .map(({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join())
        .join(';'),
      bytes: all.reduce((sum, { size }) => sum + Number(size), 0),
      changed: Math.max(...all.map(({ mtimeMs, ctimeMs }) => Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs))),
    };
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

import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../files/failure-in-words.js';

/** What pictures are called. */
const endings = /\.(png|jpe?g|webp|tiff?|gif|avif|bmp|p[bgp]m)$/i;

/**
 * The pictures in a folder by name, and those in the folders in it, by paths below it with slashes. None if it is not there.
 * @throws UsageError if it cannot be read
 */
export async function picturesIn(folder: string, deep = false): Promise<readonly string[]> {
  const entries = await entriesOf(folder);
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      const below = deep ? await picturesIn(join(folder, entry.name), true) : [];
      found.push(...below.map((name) => `${entry.name}/${name}`));
    } else if (endings.test(entry.name)) found.push(entry.name);
  }
  return found.sort(byCode);
}

/**
 * What a folder holds; nothing if it is not there.
 * @throws UsageError if it cannot be read
 */
export async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`Cannot read the folder ${folder}: ${failureInWords(error)}.`, { cause: error });
  }
}

/** The same order on every machine. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The name without folder and ending. */
export function stemOf(name: string): string {
  return parse(name).name;
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** By the stem of their names. */
export function byStem(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [stemOf(name), name]));
}

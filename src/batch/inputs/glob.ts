import { resolve } from 'node:path';
import { byCode } from '../../node/datasets/listing.js';
import { isDrawn } from '../result-folders.js';
import type { Item, Surroundings } from './item.js';
import { isPictureName } from './picture-names.js';

/** Whether a text that names no file may be a pattern. */
export function isPattern(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** What fits a pattern such as `photos/**\/*.jpg`, in the order of paths: pictures, and whatever else it names by its ending. */
export async function pathsOfPattern(
  pattern: string,
  { absolute, out }: Surroundings,
): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const cwd = absolute('.');
  const found = await glob(pattern, { cwd, onlyFiles: true, followSymbolicLinks: false });
  return found
    .map((path) => resolve(cwd, path))
    .filter((path) => !isDrawn(path, out))
    .sort(byCode);
}

/** A pattern that does not say which files it means, means the pictures. */
export function picturesAmong(paths: readonly string[], pattern: string): readonly string[] {
  return /\*$/.test(pattern) ? paths.filter(isPictureName) : paths;
}

/** A file by its path. */
export function itemOfFile(path: string, { relative }: Surroundings): Item {
  return { name: relative(path), place: { kind: 'file', path } };
}

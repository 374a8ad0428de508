import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { byCode } from '../../node/datasets/listing.js';
import { isDrawn } from '../result-folders.js';
import type { Item, Surroundings } from './item.js';
import { isPictureName } from './picture-names.js';

/**
 * All pictures below a folder, in the order of their paths. Hidden files and folders are left out, links to folders not followed:
 * they may lead in a circle.
 * @throws UsageError if a folder cannot be read
 */
export async function itemsOfFolder(folder: string, { relative: told, out }: Surroundings): Promise<Item[]> {
  const paths: string[] = [];
  await collect(folder, out, paths);
  return paths.map((path) => ({ name: told(path), place: { kind: 'file', path } }));
}

async function collect(folder: string, out: string, paths: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new UsageError(`The folder ${folder} cannot be read: ${failureInWords(error)}.`, { cause: error });
  });
  entries.sort((a, b) => byCode(a.name, b.name));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || isDrawn(path, out)) continue;
    if (entry.isDirectory()) await collect(path, out, paths);
    else if (isPictureName(path) && (entry.isFile() || entry.isSymbolicLink())) paths.push(path);
  }
}

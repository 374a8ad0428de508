import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { weightsFiles } from '../../models/folder-files.js';
import { shardNames } from '../../models/index.js';
import { isFile } from '../hub/cache.js';

/** The file with a folder's weights, or with the list of its files; undefined if it holds none. */
export async function weightsFileIn(folder: string): Promise<string | undefined> {
  const there = await Promise.all(weightsFiles.map((file) => isFile(join(folder, file))));
  return weightsFiles.find((_, i) => there[i]);
}

/**
 * The files that an index names.
 * @throws WeightsError if it is none, or names a file that does not lie beside it
 */
export async function shardsOf(index: string): Promise<readonly string[]> {
  return shardNames(index, await readFile(index));
}

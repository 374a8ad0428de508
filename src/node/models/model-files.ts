import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shardNames } from '../../models/index.js';
import { isFile } from '../hub/cache.js';

/** Says what the model of a folder is. */
export const configFile = 'config.json';
/** Says what pictures it wants, where that is not in the configuration. */
export const preprocessorFile = 'preprocessor_config.json';

/** The files that a folder may have its weights in; the first there is counts. */
export const weightsFiles = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
];

/** Whether it is the list of the files that the weights are in. */
export function isIndex(file: string): boolean {
  return file.endsWith('.index.json');
}

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

import { stat } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { errorCode } from '../../node/files/write.js';
import { listObjects } from '../s3/objects.js';
import { isAmongResults } from '../result-folders.js';
import { addressInWords, addressOf, isAddress } from './address.js';
import { itemsOfFolder } from './folder.js';
import { isPattern, itemOfFile, pathsOfPattern, picturesAmong } from './glob.js';
import type { Item, Surroundings } from './item.js';
import { itemsOfCsv, itemsOfList } from './list.js';
import { isPictureName } from './picture-names.js';
import { itemsOfTar } from './tar.js';
import { seekable } from './unpacked.js';
import { itemsOfZip } from './zip.js';

type Opener = (path: string, surroundings: Surroundings) => Promise<readonly Item[]>;

/** Files that hold or name pictures, by how they are called. */
const containers: readonly (readonly [names: RegExp, open: Opener])[] = [
  [/\.csv$/i, itemsOfCsv],
  [/\.zip$/i, itemsOfZip],
  [/\.(tar|tgz|tar\.gz)$/i, async (path, around) => itemsOfTar(path, around, await seekable(path))],
];

/**
 * The pictures that were named: files, folders, patterns, lists (`@files.txt`, CSV), archives and addresses, in the order in which
 * they were given. What is given twice is there once.
 * @throws UsageError if there is no such thing, it cannot be read, holds no picture, or lies among the results
 */
export async function openInputs(
  inputs: readonly string[],
  surroundings: Surroundings,
): Promise<readonly Item[]> {
  const items = new Map<string, Item>();
  for (const input of inputs) {
    const found = await itemsOf(input, surroundings);
    if (found.length === 0) throw new UsageError(`There is no picture in ${input}.`);
    for (const item of found) {
      refuseAmongResults(item, surroundings);
      const key = JSON.stringify([item.place, item.class]);
      if (!items.has(key)) items.set(key, item);
    }
  }
  return [...items.values()];
}

/** Results may be removed, and pictures with them. */
function refuseAmongResults({ name, place }: Item, { out }: Surroundings): void {
  if (!('path' in place) || isAddress(out) || !isAmongResults(place.path, out)) return;
  throw new UsageError(`${name} lies where the results would go; choose another folder with --out DIR.`);
}

async function itemsOf(input: string, around: Surroundings): Promise<readonly Item[]> {
  if (isAddress(input)) return itemsAt(input);
  if (input.startsWith('@')) return itemsOfList(around.absolute(input.slice(1)), around);
  const path = around.absolute(input);
  const entry = await stat(path).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(`${input} cannot be read: ${failureInWords(error)}.`, { cause: error });
  });
  if (entry?.isDirectory()) return itemsOfFolder(path, around);
  if (entry) return itemsOfOneFile(path, around);
  if (!isPattern(input)) {
    throw new UsageError(
      `There is no ${input}; give files, folders, patterns such as "photos/*.jpg", @LIST, CSV, tar or zip.`,
    );
  }
  const paths = picturesAmong(await pathsOfPattern(input, around), input);
  return (await Promise.all(paths.map((each) => itemsOfOneFile(each, around)))).flat();
}

async function itemsOfOneFile(path: string, around: Surroundings): Promise<readonly Item[]> {
  const open = containers.find(([names]) => names.test(path))?.[1];
  return open ? open(path, around) : [itemOfFile(path, around)];
}

/** One object, or all pictures below a prefix. */
async function itemsAt(address: string): Promise<readonly Item[]> {
  const place = addressOf(address);
  if (isPictureName(place.object)) return [{ name: address, place }];
  const below = place.object === '' || place.object.endsWith('/') ? place.object : `${place.object}/`;
  const objects = await listObjects({ ...place, object: below });
  return objects.filter(isPictureName).map((object) => {
    const found = { ...place, object };
    return { name: addressInWords(found), place: found };
  });
}

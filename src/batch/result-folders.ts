import { isAbsolute, join, relative, sep } from 'node:path';
import { KEY_LENGTH } from './plan.js';

/** What lies in the folder for the results, beside tables; with `--force` it is removed. */
export const resultFolders = ['parts', 'pictures', 'maps', 'under-way'] as const;

/** The picture that is drawn of a map, below the folder for the results. */
export function drawnFile(key: string, map: string): string {
  return `pictures/${key.slice(0, 2)}/${key}.${map}.png`;
}

const drawn = new RegExp(`^pictures/[\\da-f]{2}/[\\da-f]{${KEY_LENGTH}}\\..+\\.png$`);

/** Whether a file is a picture that a batch with these results drew. */
export function isDrawn(path: string, out: string): boolean {
  return drawn.test(relative(out, path).replaceAll(sep, '/'));
}

/** Whether a path lies where only results may. */
export function isAmongResults(path: string, out: string): boolean {
  return resultFolders.some((folder) => isWithin(path, join(out, folder)));
}

/** Whether a path is a folder or lies below it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way.split(sep)[0] !== '..');
}

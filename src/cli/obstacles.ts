import { lstat, realpath, stat } from 'node:fs/promises';
import { UsageError } from '../errors.js';
import { markIn } from './marks.js';
import { toPerson } from './paths.js';

/** A name that a result is to take, and the mark that it will bear. */
export interface FileToReplace {
  readonly path: string;
  readonly mark: string;
}

/**
 * Refuses to replace what a person would miss: pictures that were given, and, unless it is forced, files that vitrine did not
 * write and results that bear another mark. A call made again replaces its own.
 * @param given where the pictures are that were given, as `placesOf` says
 * @param elsewhere what else a person can choose
 * @throws UsageError that names one of the files
 */
export async function refuseToReplace(
  files: readonly FileToReplace[],
  given: ReadonlySet<string>,
  force: boolean,
  elsewhere = 'another folder with --out DIR',
): Promise<void> {
  const obstacles: [path: string, what: string][] = [];
  for (const { path, mark } of files) {
    if (given.has(await placeOf(path))) {
      throw new UsageError(`A result would replace the picture ${toPerson(path)}; choose ${elsewhere}.`);
    }
    const what = force ? undefined : await obstacleAt(path, mark);
    if (what !== undefined) obstacles.push([path, what]);
  }
  if (obstacles.length === 0) return;
  const [[path, what]] = obstacles;
  const subject = obstacles.length === 1 ? 'A result' : 'Results';
  const object = obstacles.length === 1 ? '' : `${obstacles.length} files, such as `;
  throw new UsageError(
    `${subject} would replace ${object}${toPerson(path)}, which ${what}; ` +
      `choose ${elsewhere}, or allow it with --force.`,
  );
}

/** What a person would miss, to go on with after "which"; undefined if there is nothing of the kind. */
async function obstacleAt(path: string, mark: string): Promise<string | undefined> {
  const isThere = await lstat(path).catch(() => undefined);
  if (!isThere) return undefined;
  const target = await stat(path).catch(() => undefined);
  // Folders are refused, devices and pipes are written to, and neither is replaced.
  if (target && !target.isFile()) return undefined;
  const found = await markIn(path);
  if (found === undefined) return 'vitrine did not write';
  return found === mark ? undefined : 'is of another picture or other weights';
}

/** Where files really are, whatever links lead to them. */
export async function placesOf(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  for (const path of paths) places.add(await placeOf(path));
  return places;
}

function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

import { access, constants, mkdir, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../errors.js';
import { methods } from '../explain/index.js';
import { failureInWords } from '../node/index.js';
import { toPerson } from './paths.js';

/** What is written for one picture. */
export interface ResultFiles {
  /** What the names of the drawn maps start with. */
  readonly stem: string;
  /** The document, as JSON. */
  readonly document: string;
}

/**
 * The files to write for each picture.
 * @throws UsageError if one of them is a picture that was given
 */
export function resultFiles(images: readonly string[], folder: string): ResultFiles[] {
  const results = uniqueStems(images).map((stem) => ({
    stem: join(folder, stem),
    document: join(folder, `${stem}.json`),
  }));
  // Which classes the maps are of is known only after a run, so every name that a map could have is avoided.
  const victim = images.find((image) =>
    results.some(
      ({ stem, document }) => image === document || (image.startsWith(`${stem}.`) && isMapName(image, stem)),
    ),
  );
  if (victim !== undefined) {
    throw new UsageError(
      `A result would replace the picture ${toPerson(victim)}; choose another folder with --out DIR.`,
    );
  }
  return results;
}

/** `<stem>.<method>[.<class>].png` */
export function overlayFile(stem: string, method: string, className: string | undefined): string {
  return `${[stem, method, ...(className === undefined ? [] : [className])].join('.')}.png`;
}

function isMapName(path: string, stem: string): boolean {
  const rest = path.slice(stem.length + 1).split('.');
  return rest.at(-1) === 'png' && methods.some(({ name }) => name === rest[0]);
}

/**
 * File names without ending, for the results. Pictures that share a name keep their ending, and those that
 * still do are numbered, so that no result overwrites another, also where the disk takes "A" and "a" for one name.
 */
export function uniqueStems(paths: readonly string[]): string[] {
  const short = paths.map((path) => basename(path, extname(path)));
  const count = new Map<string, number>();
  for (const name of short) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  const taken = new Set<string>();
  return paths.map((path, position) => {
    const isShared = count.get(short[position].toLowerCase())! > 1;
    const stem = isShared ? basename(path) : short[position];
    let name = stem;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/**
 * Makes the folder for the results, or says why it cannot be used, before any picture is worked on.
 * @returns the folders that had to be made, outermost first
 */
export async function makeFolder(path: string): Promise<string[]> {
  // Not `mkdir` with `recursive`: Node never returns from it where the system forbids new entries, as in /proc.
  const missing: string[] = [];
  for (let folder = path; !(await exists(folder)); folder = dirname(folder)) missing.unshift(folder);
  try {
    for (const folder of missing) await mkdirUnlessThere(folder);
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(path), { code: 'ENOTDIR' });
    await access(path, constants.W_OK);
  } catch (error) {
    await removeIfEmpty(missing);
    throw new UsageError(
      `The folder ${path} cannot hold the results: ${folderProblem(error)}; choose another with --out DIR.`,
      { cause: error },
    );
  }
  return missing;
}

/** Takes back what `makeFolder` made, except what holds something by now. */
export async function removeIfEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => undefined);
}

function folderProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file in its place';
  if (code === 'ENOENT') return 'no folder can be made there';
  return failureInWords(error);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Another process may make the same folder at the same time. */
async function mkdirUnlessThere(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

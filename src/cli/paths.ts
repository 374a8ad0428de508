import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { isModelName } from '../models/index.js';
import { isPath, isPlace } from '../node/index.js';
import { isFaithful } from '../node/files/lossy-paths.js';

/**
 * The directory in which the person typed the command. Under this package's `npm run`, npm has changed into the
 * package and left the person's directory in INIT_CWD; a script of another package that calls `vitrine` means
 * its own directory.
 */
export function personsDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const ownScript = env['npm_package_name'] === 'vitrine' && env['npm_lifecycle_event'] !== undefined;
  return (ownScript ? env['INIT_CWD'] : undefined) ?? currentDirectory();
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError('The current directory no longer exists; change into one that does.', {
      cause: error,
    });
  }
}

/** A path as the person wrote it, made absolute from where they stand. */
export function fromPerson(path: string): string {
  return resolve(personsDirectory(), path);
}

/** A path as the person would write it: relative if it lies below where they stand. */
export function toPerson(path: string): string {
  const short = relative(personsDirectory(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** A model by its name or its place. A folder needs no slash in its name, if no model is called so. */
export function modelFromPerson(name: string): string {
  const isHere = name.trim() !== '' && !isPlace(name) && !isModelName(name) && existsSync(fromPerson(name));
  return isHere || isPath(name) ? fromPerson(name) : name;
}

/** A path that lost bytes would lead beside what was meant, and what is written there be a second folder of that look. */
export async function refuseUnfaithful(option: string, path: string | undefined): Promise<void> {
  if (path === undefined || (await isFaithful(path))) return;
  throw new UsageError(
    `The path of ${option}, ${path}, is not UTF-8; give one that is, and from the root if the current directory is not.`,
  );
}

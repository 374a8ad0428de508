import { access, constants, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../errors.js';
import { mkdirUnlessThere } from '../node/files/make-folder.js';
import { failureInWords } from '../node/index.js';

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

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

// The cache of the Hugging Face tools, shared with Python:
//   models--OWNER--NAME/blobs/DIGEST              the bytes
//   models--OWNER--NAME/snapshots/COMMIT/FILE     a link to the blob
//   models--OWNER--NAME/refs/REVISION             the commit of the branch or tag
//   models--OWNER--NAME/.no_exist/COMMIT/FILE     a note that the commit has no such file
//
// The library's own scan is not used: it loads the whole library (40 ms at each start) and refuses a repository
// without refs/, which is how the library itself leaves one.

/** The folder of one repository ("owner/name") in the cache. */
export function repoFolder(cacheFolder: string, repo: string): string {
  return join(cacheFolder, ['models', ...repo.split('/')].join('--'));
}

export function snapshotFolder(folder: string, commit: string): string {
  return join(folder, 'snapshots', commit);
}

export function refFile(folder: string, revision: string): string {
  return join(folder, 'refs', ...revision.split('/'));
}

export function absenceFile(folder: string, commit: string, file: string): string {
  return join(folder, '.no_exist', commit, file);
}

/** The commit that the revision was at when it was last fetched; a whole commit is its own. */
export async function cachedCommit(folder: string, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const commit = await readFile(refFile(folder, revision), 'utf8').catch(() => '');
  return commit.trim() || undefined;
}

/** The cached file: that of the main branch, else that of the newest snapshot that has it. */
export async function findCached(folder: string, file: string): Promise<string | undefined> {
  const main = await cachedCommit(folder, 'main');
  if (main !== undefined) {
    const path = join(snapshotFolder(folder, main), file);
    if (await isFile(path)) return path;
  }
  const snapshots = await readdir(join(folder, 'snapshots')).catch(() => []);
  const found: { path: string; modified: number }[] = [];
  for (const snapshot of snapshots) {
    const path = join(snapshotFolder(folder, snapshot), file);
    if (await isFile(path)) found.push({ path, modified: (await stat(path)).mtimeMs });
  }
  return found.sort((a, b) => b.modified - a.modified)[0]?.path;
}

/** True for a file that can be looked at; a link counts as what it leads to. */
export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

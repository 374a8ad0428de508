import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

// The cache of the Hugging Face tools, shared with Python:
//   models--OWNER--NAME/blobs/SHA256              the bytes
//   models--OWNER--NAME/snapshots/COMMIT/FILE     a link to the blob
//   models--OWNER--NAME/refs/main                 the commit of the branch
//
// The library's own scan is not used: it loads the whole library (40 ms at each start) and refuses a repository
// without refs/, which is how the library itself leaves one.

/** The folder of one repository ("owner/name") in the cache. */
export function repoFolder(cacheFolder: string, repo: string): string {
  return join(cacheFolder, ['models', ...repo.split('/')].join('--'));
}

/** The cached file: that of the main branch, else that of the newest snapshot that has it. */
export async function findCached(folder: string, file: string): Promise<string | undefined> {
  const main = await readFile(join(folder, 'refs', 'main'), 'utf8').catch(() => '');
  if (main.trim()) {
    const path = join(folder, 'snapshots', main.trim(), file);
    if (await isFile(path)) return path;
  }
  const snapshots = await readdir(join(folder, 'snapshots')).catch(() => []);
  const found: { path: string; modified: number }[] = [];
  for (const snapshot of snapshots) {
    const path = join(folder, 'snapshots', snapshot, file);
    if (await isFile(path)) found.push({ path, modified: (await stat(path)).mtimeMs });
  }
  return found.sort((a, b) => b.modified - a.modified)[0]?.path;
}

/** True for a file that can be looked at; a link counts as what it leads to. */
export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

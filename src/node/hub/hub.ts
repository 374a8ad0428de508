import { copyFile, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { WeightsError } from '../../errors.js';
import { removeLeftovers, temporaryIn } from '../files/temporary.js';
import { absenceFile, isFile, refFile, repoFolder, snapshotFolder } from './cache.js';
import { digestOfFile } from './digest.js';
import { downloadTo } from './download.js';
import type { HubConnection, HubFileInfo, HubSnapshot } from './download.js';
import { DownloadError } from './failure.js';

/**
 * Downloads a file of a snapshot into the cache of the Hugging Face tools and checks it against the hub's checksum.
 *
 * The bytes lie under a name that no tool looks at until the checksum fits, so neither a failure nor a killed
 * process leaves a file that a later run would use.
 *
 * @param onProgress bytes received and bytes in all
 * @returns the path of the file in its snapshot
 * @throws DownloadError if the snapshot has no such file; WeightsError on a wrong checksum; whatever the network or the
 *   file system throws otherwise
 */
export async function downloadToCache(
  snapshot: HubSnapshot,
  file: string,
  cacheFolder: string,
  connection: HubConnection,
  onProgress: (received: number, total: number) => void,
): Promise<string> {
  const info = snapshot.files.get(file);
  if (!info) throw new DownloadError(`the hub has no ${file} there`);
  const folder = repoFolder(cacheFolder, snapshot.repo);
  const blob = join(folder, 'blobs', info.digest.hex);
  if (!(await isIntact(blob, info))) {
    await mkdir(dirname(blob), { recursive: true });
    await removeLeftovers(dirname(blob));
    const { path: temporary, remove } = temporaryIn(dirname(blob));
    try {
      onProgress(0, info.size);
      await downloadTo(temporary, snapshot, file, connection, (received) => {
        onProgress(received, info.size);
      });
      await verify(temporary, `${file} from ${snapshot.repo}`, info);
      await rename(temporary, blob);
    } finally {
      await remove();
    }
  }
  const pointer = join(snapshotFolder(folder, snapshot.commit), file);
  await link(blob, pointer);
  await remember(folder, snapshot);
  return pointer;
}

/** Another tool may have fetched the bytes for another snapshot. */
async function isIntact(blob: string, { digest, size }: HubFileInfo): Promise<boolean> {
  return (await isFile(blob)) && (await digestOfFile(blob, digest.kind, size)) === digest.hex;
}

/** @param what the download, in a sentence */
async function verify(path: string, what: string, { digest, size: expected }: HubFileInfo): Promise<void> {
  const { size } = await stat(path);
  if (size !== expected) {
    throw new WeightsError(
      `The download of ${what} has ${size} bytes instead of ${expected} and was removed: try again.`,
    );
  }
  const found = await digestOfFile(path, digest.kind, size);
  if (found !== digest.hex) {
    const hash = digest.kind === 'git' ? "git's name" : 'sha256';
    throw new WeightsError(
      `The download of ${what} does not have the hub's checksum (${hash} ${found.slice(0, 12)}… ` +
        `instead of ${digest.hex.slice(0, 12)}…) and was removed: try again.`,
    );
  }
}

/** Which commit the revision was at, for a run without network; a commit needs no such note. */
async function remember(folder: string, { revision, commit }: HubSnapshot): Promise<void> {
  if (revision === commit) return;
  const note = refFile(folder, revision);
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, commit);
}

/** Notes that the snapshot has no such file, as the tools do, so that nobody need ask again. */
export async function rememberAbsence(
  cacheFolder: string,
  { repo, commit }: HubSnapshot,
  file: string,
): Promise<void> {
  const note = absenceFile(repoFolder(cacheFolder, repo), commit, file);
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, '');
}

/** A relative link, so that the cache may move; a copy where links are not allowed, as on Windows. */
async function link(blob: string, pointer: string): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  await removeLeftovers(dirname(pointer));
  const { path: temporary, remove } = temporaryIn(dirname(pointer));
  try {
    await symlink(relative(dirname(pointer), blob), temporary).catch(() => copyFile(blob, temporary));
    await rename(temporary, pointer);
  } finally {
    await remove();
  }
}

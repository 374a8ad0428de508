import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WeightsError } from '../../errors.js';
import { removeLeftovers, temporaryIn } from '../files/temporary.js';
import { isFile, repoFolder } from './cache.js';
import { downloadTo, fileInfo } from './download.js';
import type { HubConnection, HubFile, HubFileInfo } from './download.js';

/**
 * Downloads a file into the cache of the Hugging Face tools and checks it against the hub's checksum.
 *
 * The bytes lie under a name that no tool looks at until the checksum fits, so neither a failure nor a killed
 * process leaves a file that a later run would use.
 *
 * @param onProgress bytes received and bytes in all
 * @returns the path of the file in its snapshot
 * @throws WeightsError on a wrong checksum; whatever the network or the file system throws otherwise
 */
export async function downloadToCache(
  target: HubFile,
  cacheFolder: string,
  connection: HubConnection,
  onProgress: (received: number, total: number) => void,
): Promise<string> {
  const info = await fileInfo(target, connection);
  const folder = repoFolder(cacheFolder, target.repo);
  const blob = join(folder, 'blobs', info.sha256);
  if (!(await isIntact(blob, info.sha256))) {
    await mkdir(dirname(blob), { recursive: true });
    await removeLeftovers(dirname(blob));
    const { path: temporary, remove } = temporaryIn(dirname(blob));
    try {
      onProgress(0, info.size);
      await downloadTo(temporary, target, info, connection, (received) => {
        onProgress(received, info.size);
      });
      await verify(temporary, target, info);
      await rename(temporary, blob);
    } finally {
      await remove();
    }
  }
  const pointer = join(folder, 'snapshots', info.commit, target.file);
  await link(blob, pointer);
  await mkdir(join(folder, 'refs'), { recursive: true });
  await writeFile(join(folder, 'refs', 'main'), info.commit);
  return pointer;
}

/** Another tool may have fetched the bytes for another snapshot. */
async function isIntact(blob: string, sha256: string): Promise<boolean> {
  return (await isFile(blob)) && (await sha256OfFile(blob)) === sha256;
}

/** The hash of a file's contents, in hexadecimal. */
async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function verify(path: string, { repo, file }: HubFile, info: HubFileInfo): Promise<void> {
  const { size } = await stat(path);
  if (size !== info.size) {
    throw new WeightsError(
      `The download of ${file} from ${repo} has ${size} bytes instead of ${info.size} and was removed: try again.`,
    );
  }
  const sha256 = await sha256OfFile(path);
  if (sha256 !== info.sha256) {
    throw new WeightsError(
      `The download of ${file} from ${repo} does not have the hub's checksum (sha256 ${sha256.slice(0, 12)}… ` +
        `instead of ${info.sha256.slice(0, 12)}…) and was removed: try again.`,
    );
  }
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

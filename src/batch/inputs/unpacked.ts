import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { removeLeftovers, temporaryIn } from '../../node/files/temporary.js';

const isPacked = /\.(tgz|gz)$/i;

/** What is being unpacked, by where it goes: several pictures of an archive are asked for at a time. */
const underWay = new Map<string, Promise<void>>();

/**
 * Where the bytes of an archive can be read from any place: of a compressed one in a file beside others that go away, which is
 * made once for each state of it.
 * @throws UsageError if it is damaged, or there is no room for it
 */
export async function seekable(path: string): Promise<string> {
  if (!isPacked.test(path)) return path;
  const { size, mtimeMs } = await stat(path);
  const mark = createHash('sha256')
    .update(JSON.stringify([path, size, mtimeMs]))
    .digest('hex');
  const folder = join(tmpdir(), `vitrine-archives-${process.getuid?.() ?? 'own'}`);
  const unpacked = join(folder, `${mark.slice(0, 32)}.tar`);
  let unpacking = underWay.get(unpacked);
  if (!unpacking) {
    unpacking = unpack(path, folder, unpacked).finally(() => underWay.delete(unpacked));
    underWay.set(unpacked, unpacking);
  }
  await unpacking;
  return unpacked;
}

async function unpack(path: string, folder: string, unpacked: string): Promise<void> {
  await ownFolder(folder);
  if (await stat(unpacked).catch(() => undefined)) return;
  await removeLeftovers(folder);
  const { path: temporary, remove } = temporaryIn(folder);
  try {
    // On the disk before it has its name: a failing power supply leaves no half of it.
    const file = createWriteStream(temporary, { flush: true });
    await pipeline(createReadStream(path), createGunzip(), file);
    await rename(temporary, unpacked);
  } catch (error) {
    throw new UsageError(
      `The archive ${path} cannot be unpacked to ${folder}: ${failureInWords(error)}; unpack it yourself, and give the .tar.`,
      { cause: error },
    );
  } finally {
    await remove();
  }
}

/** Where all may write, others could have put something else in its place, or read what nobody shared with them. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new UsageError(`Archives cannot be unpacked to ${folder}: ${failureInWords(error)}.`, {
      cause: error,
    });
  });
  const { uid, mode } = await lstat(folder);
  if (process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0)) return;
  throw new UsageError(
    `Archives are unpacked to ${folder}, which others may write to or read; remove it, or set TMPDIR to another folder.`,
  );
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { temporaryIn } from '../../node/files/temporary.js';

const isPacked = /\.(tgz|gz)$/i;

/**
 * Where the bytes of an archive can be read from any place: of a compressed one in a file beside others that go away, which is
 * made once for each state of it.
 * @throws UsageError if it is damaged, or there is no room for it
 */
export async function seekable(path: string): Promise<string> {
  if (!isPacked.test(path)) return path;
  const { size, mtimeMs } = await stat(path);
  const folder = join(tmpdir(), 'vitrine-archives');
  const mark = createHash('sha256')
    .update(JSON.stringify([path, size, mtimeMs]))
    .digest('hex');
  const unpacked = join(folder, `${mark.slice(0, 32)}.tar`);
  if (await stat(unpacked).catch(() => undefined)) return unpacked;
  await mkdir(folder, { recursive: true });
  const { path: temporary, remove } = temporaryIn(folder);
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(temporary));
    await rename(temporary, unpacked);
  } catch (error) {
    throw new UsageError(
      `The archive ${path} cannot be unpacked to ${folder}: ${failureInWords(error)}; unpack it yourself, and give the .tar.`,
      { cause: error },
    );
  } finally {
    await remove();
  }
  return unpacked;
}

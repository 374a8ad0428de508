import { open } from 'node:fs/promises';
import { ImageError } from '../../errors.js';
import { failureInWords } from '../../node/index.js';
import { filesOfLossyPath, isLossy } from '../../node/files/lossy-paths.js';
import { readPictureBytes } from '../../node/pictures/picture-bytes.js';
import { getObject } from '../s3/objects.js';
import type { Item, Place } from './item.js';
import { refuseTooLarge } from './largest.js';
import { seekable } from './unpacked.js';
import { bytesInZip } from './zip.js';

type Reader<Kind extends Place['kind']> = (
  place: Extract<Place, { readonly kind: Kind }>,
  name: string,
) => Promise<Buffer>;

const readers: { readonly [Kind in Place['kind']]: Reader<Kind> } = {
  async file({ path }, name) {
    const candidates = isLossy(path) ? await filesOfLossyPath(path) : [];
    return readPictureBytes(candidates.length === 1 ? candidates[0] : path, name);
  },
  async tar({ path, offset, size }, name) {
    refuseTooLarge(size, name);
    const file = await open(await seekable(path));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(size), 0, size, offset);
      if (bytesRead < size) throw new ImageError(`${name} is cut off: its archive is shorter than it was.`);
      return buffer;
    } finally {
      await file.close();
    }
  },
  zip: ({ path, entry }, name) => bytesInZip(path, entry, name),
  s3: (place) => getObject(place),
};

/**
 * The bytes of a picture, not yet decoded.
 * @throws VitrineError if it cannot be read, for the picture to be named and left out
 */
export async function readItem({ name, place }: Item): Promise<Buffer> {
  try {
    return await (readers[place.kind] as Reader<Place['kind']>)(place, name);
  } catch (error) {
    // What is no system's failure is a mistake of ours, or says all itself.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new ImageError(`${name} cannot be read: ${failureInWords(error)}.`, { cause: error });
  }
}

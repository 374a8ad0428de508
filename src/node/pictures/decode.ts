import { ImageError } from '../../errors.js';
import type { Picture } from '../../image/picture.js';
import { isBmp } from './bmp-header.js';
import { readBmp } from './bmp.js';
import { upright } from './exif.js';
import { pictureLimits, REDUCED_LEVELS, type PictureLimits } from './limits.js';
import type { PictureOfFile } from './picture-of-file.js';
import { isPng, readPng } from './png.js';
import { isPnm, readPnm } from './pnm.js';
import { orShortOfMemory } from './refusals.js';
import { readWithSharp } from './sharp.js';

/**
 * The picture that the bytes of a file hold, as `readPicture` reads it.
 * @param name what messages call it
 * @throws ImageError as `readPicture`; MemoryError if it takes more memory than there is
 */
export async function decodePicture(
  bytes: Buffer,
  name: string,
  limits = pictureLimits,
): Promise<PictureOfFile> {
  if (bytes.length === 0) throw new ImageError(`${name} is empty: give a file that holds a picture.`);
  const read = readers.find(({ reads }) => reads(bytes))?.read ?? readWithSharp;
  try {
    const decoded = await read(name, bytes, limits);
    const picture = upright(decoded.picture, decoded.orientation);
    const notes = [...noteOfSize(picture, limits), ...noteOfPages(decoded.pages)];
    return notes.length === 0 ? picture : { ...picture, note: notes.join('; ') };
  } catch (error) {
    throw orShortOfMemory(name, error);
  }
}

/** Those of formats that sharp does not read, or not as they are wanted. */
const readers = [
  { reads: isPng, read: readPng },
  { reads: isBmp, read: readBmp },
  { reads: isPnm, read: readPnm },
];

function noteOfSize({ width, height, reducedFrom }: Picture, limits: PictureLimits): string[] {
  if (!reducedFrom) return [];
  return [
    `it has more than ${limits.whole / 1e6} million pixels and was decoded at ${width} x ${height}: maps are drawn at ` +
      `that size, and the model's input may be off by ${REDUCED_LEVELS} of 255 levels`,
  ];
}

function noteOfPages(pages: number): string[] {
  return pages > 1 ? [`this is the first of the ${pages} pictures that the file holds`] : [];
}

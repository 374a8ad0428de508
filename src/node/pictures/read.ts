import { readFile, stat } from 'node:fs/promises';
import { ImageError, UsageError } from '../../errors.js';
import type { Picture } from '../../image/picture.js';
import { failureInWords } from '../files/failure-in-words.js';
import { errorCode, writeFileAtomically } from '../files/write.js';
import { isBmp } from './bmp-header.js';
import { readBmp } from './bmp.js';
import { upright } from './exif.js';
import { pictureLimits, REDUCED_LEVELS, type PictureLimits } from './limits.js';
import { encodePng, isPng, readPng } from './png.js';
import { isPnm, readPnm } from './pnm.js';
import { readWithSharp } from './sharp.js';

/** A picture as it was read from a file. */
export interface PictureOfFile extends Picture {
  /** What a person must know of how it was read, as a sentence without a full stop; mostly absent. */
  readonly note?: string;
}

/**
 * Reads a picture file as 8-bit RGB. The format is told by the content, not by the name: PNG, JPEG, WebP, GIF
 * (first frame), TIFF, AVIF, BMP, PBM, PGM, PPM, SVG. EXIF orientation is applied, transparency and what a frame leaves free of its
 * canvas are laid over white; grey, palette and 16-bit become 8-bit RGB. RGB colour profiles are ignored, as
 * Pillow and so the models' training did; CMYK is converted through its profile. What a decoder would have to
 * guess is refused: pixels behind the end of the data, samples that are not unsigned integers of up to 16 bits,
 * channels that are neither colour nor alpha. Of more than 100 million pixels it is made smaller while it is
 * decoded; its `reducedFrom` and its note tell.
 *
 * @throws ImageError if there is no such file, it cannot be read, it is no whole picture of a known format, or would be guessed
 * @throws UsageError if the path is no text
 */
export async function readPicture(path: string): Promise<PictureOfFile> {
  if (typeof path !== 'string') {
    throw new UsageError(
      `readPicture takes the path of a picture file, not ${typeof path}; write bytes to a file first.`,
    );
  }
  return decodePicture(await readPictureBytes(path, path), path);
}

/**
 * The same of bytes that are there already.
 * @param name what messages call it
 * @throws ImageError as `readPicture`
 */
export async function decodePicture(
  bytes: Buffer,
  name: string,
  limits = pictureLimits,
): Promise<PictureOfFile> {
  if (bytes.length === 0) throw new ImageError(`${name} is empty: give a file that holds a picture.`);
  const read = readers.find(({ reads }) => reads(bytes))?.read ?? readWithSharp;
  const decoded = await read(name, bytes, limits);
  const picture = upright(decoded.picture, decoded.orientation);
  const notes = [...noteOfSize(picture, limits), ...noteOfPages(decoded.pages)];
  return notes.length === 0 ? picture : { ...picture, note: notes.join('; ') };
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

/**
 * Writes a picture as 8-bit RGB PNG, all or nothing.
 *
 * @throws UsageError if the path cannot be written
 */
export async function writePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomically(path, encodePng(picture));
}

/**
 * What `readPicture` reads, not yet decoded.
 * @param path bytes where its name is not UTF-8
 * @param name what messages call it
 * @throws ImageError if there is no such file or it cannot be read
 */
export async function readPictureBytes(path: string | Buffer, name: string): Promise<Buffer> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) throw new ImageError(`${name} is a folder: give one picture file.`);
    // A device such as /dev/zero would never end.
    if (!entry.isFile() && !entry.isFIFO())
      throw new ImageError(`${name} is not a file: give a picture file.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ImageError(`There is no file ${name}: check the path of the picture.`, { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      throw new ImageError(`${name} may not be read: change its permissions or give a copy of it.`, {
        cause: error,
      });
    throw new ImageError(
      `${name} cannot be read: ${failureInWords(error)}; mend that or give another picture.`,
      { cause: error },
    );
  }
}

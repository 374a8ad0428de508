import { readFile, stat } from 'node:fs/promises';
import { ImageError, UsageError } from '../../errors.js';
import { described } from '../../given.js';
import type { Picture } from '../../image/picture.js';
import { failureInWords } from '../files/failure-in-words.js';
import { errorCode, writeFileAtomically } from '../files/write.js';
import { upright } from './exif.js';
import { decodePng, encodePng, isPng, outlinePng } from './png.js';
import { checkSize, cutOff, damaged } from './refusals.js';
import { readWithSharp } from './sharp.js';

/**
 * Reads a picture file as 8-bit RGB. The format is told by the content, not by the name: PNG, JPEG, WebP, GIF
 * (first frame), TIFF, AVIF, SVG. EXIF orientation is applied, transparency and what a frame leaves free of its
 * canvas are laid over white; grey, palette and 16-bit become 8-bit RGB. RGB colour profiles are ignored, as
 * Pillow and so the models' training did; CMYK is converted through its profile. What a decoder would have to
 * guess is refused: pixels behind the end of the data, samples that are not unsigned integers of up to 16 bits,
 * channels that are neither colour nor alpha.
 *
 * @throws ImageError if there is no such file, it cannot be read, it is no whole picture of a known format, or would be guessed
 */
export async function readPicture(path: string): Promise<Picture> {
  if (typeof path !== 'string') {
    throw new UsageError(
      `readPicture takes the path of a picture file, not ${described(path)}; write bytes to a file first.`,
    );
  }
  const bytes = await readBytes(path);
  if (bytes.length === 0) throw new ImageError(`${path} is empty: give a file that holds a picture.`);
  if (!isPng(bytes)) return readWithSharp(path, bytes);
  const outline = outlinePng(bytes);
  if (!outline) throw damaged(path);
  checkSize(path, outline.width, outline.height);
  if (outline.end === undefined) throw cutOff(path);
  // The small decoder would inflate whatever an interlaced file holds, a thousand times its size if need be.
  if (outline.interlaced) return upright(await readWithSharp(path, bytes), outline.orientation);
  try {
    return decodePng(bytes, outline);
  } catch (error) {
    throw damaged(path, error);
  }
}

/**
 * Writes a picture as 8-bit RGB PNG, all or nothing.
 *
 * @throws UsageError if the path cannot be written
 */
export async function writePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomically(path, encodePng(picture));
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) throw new ImageError(`${path} is a folder: give one picture file.`);
    // A device such as /dev/zero would never end.
    if (!entry.isFile() && !entry.isFIFO())
      throw new ImageError(`${path} is not a file: give a picture file.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ImageError(`There is no file ${path}: check the path of the picture.`, { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      throw new ImageError(`${path} may not be read: change its permissions or give a copy of it.`, {
        cause: error,
      });
    throw new ImageError(
      `${path} cannot be read: ${failureInWords(error)}; mend that or give another picture.`,
      { cause: error },
    );
  }
}

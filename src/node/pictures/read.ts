import { UsageError } from '../../errors.js';
import { described } from '../../given.js';
import type { Picture } from '../../image/picture.js';
import { writeFileAtomically } from '../files/write.js';
import { decodePicture } from './decode.js';
import { encodePng } from './encode-png.js';
import { readPictureBytes } from './picture-bytes.js';
import type { PictureOfFile } from './picture-of-file.js';

/**
 * Reads a picture file as 8-bit RGB. The format is told by the content, not by the name: PNG, JPEG, WebP, GIF
 * (first frame), TIFF, AVIF, BMP, PBM, PGM, PPM, SVG. EXIF orientation is applied, transparency and what a frame
 * leaves free of its canvas are laid over white; grey, palette and 16-bit become 8-bit RGB. RGB colour profiles are
 * ignored, as Pillow and so the models' training did; CMYK is converted through its profile. What a decoder would
 * have to guess is refused: pixels behind the end of the data, samples that are not unsigned integers of up to 16
 * bits, channels that are neither colour nor alpha. Of more than 100 million pixels it is made smaller while it is
 * decoded; its `reducedFrom` and its note tell.
 *
 * @throws ImageError if there is no such file, it cannot be read, it is no whole picture of a known format, or would be guessed
 * @throws UsageError if the path is no text
 */
export async function readPicture(path: string): Promise<PictureOfFile> {
  if (typeof path !== 'string') {
    throw new UsageError(
      `readPicture takes the path of a picture file, not ${described(path)}; write bytes to a file first.`,
    );
  }
  return decodePicture(await readPictureBytes(path, path), path);
}

/**
 * Writes a picture as 8-bit RGB PNG, all or nothing.
 *
 * @throws UsageError if the path cannot be written
 */
export async function writePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomically(path, encodePng(picture));
}

import { readFile, stat } from 'node:fs/promises';
import { ImageError } from '../../errors.js';
import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture } from '../../image/picture.js';
import { errorCode, writeFileAtomically } from '../files/write.js';
import { decodePng, encodePng, isPng, outlinePng } from './png.js';

/** Decoding takes up to about 20 bytes a pixel, so this limit keeps a forged header from filling the memory. */
const MAX_PIXELS = 100_000_000;

/**
 * Reads a picture file as 8-bit RGB. The format is told by the content, not by the name: PNG, JPEG, WebP, GIF
 * (first frame), TIFF, AVIF, SVG. EXIF orientation is applied, transparency is laid over white, grey, palette
 * and 16-bit become 8-bit RGB. RGB colour profiles are ignored, as Pillow and so the models' training did;
 * CMYK is converted through its profile.
 *
 * @throws ImageError if there is no such file, it cannot be read, or it is no whole picture of a known format
 */
export async function readPicture(path: string): Promise<Picture> {
  const bytes = await readBytes(path);
  if (bytes.length === 0) throw new ImageError(`${path} is empty: give a file that holds a picture.`);
  if (!isPng(bytes)) return readWithSharp(path, bytes);
  const outline = outlinePng(bytes);
  if (!outline) throw damaged(path);
  checkSize(path, outline.width, outline.height);
  if (outline.end === undefined)
    throw new ImageError(`${path} is cut off before the end of the picture: copy or download it again.`);
  // The small decoder would inflate whatever an interlaced file holds, a thousand times its size if need be.
  if (outline.hasExif || outline.interlaced) return readWithSharp(path, bytes);
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
    throw new ImageError(`${path} cannot be read: the system says ${code ?? String(error)}.`, {
      cause: error,
    });
  }
}

async function readWithSharp(path: string, bytes: Buffer): Promise<Picture> {
  // Pixels that were made up for missing data must not be explained; a harmless oddity may pass.
  const options = { failOn: 'error', limitInputPixels: false } as const;
  // Loaded only when wanted: most pictures are PNG, and this takes a tenth of a whole run for one of them.
  const { default: sharp } = await import('sharp');
  try {
    const { width, height, space } = await sharp(bytes, options).metadata();
    checkSize(path, width, height);
    const { data, info } = await sharp(bytes, { ...options, autoOrient: true, ignoreIcc: space !== 'cmyk' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return flattenOverWhite(data, info.channels, info.width, info.height);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw explainSharp(path, bytes, error);
  }
}

function explainSharp(path: string, bytes: Buffer, error: unknown): ImageError {
  const message = String(error);
  if (/^ftyp(hei|hev)/.test(bytes.toString('latin1', 4, 12)))
    return new ImageError(`${path} is a HEIC picture, which cannot be read: convert it to JPEG or PNG.`, {
      cause: error,
    });
  if (message.includes('unsupported image format'))
    return new ImageError(
      `${path} is not a picture that can be read: give a PNG, JPEG, WebP, GIF, TIFF or AVIF.`,
      {
        cause: error,
      },
    );
  if (/premature end|truncated|end of file|unexpected end/i.test(message))
    return new ImageError(`${path} is cut off before the end of the picture: copy or download it again.`, {
      cause: error,
    });
  return damaged(path, error);
}

function damaged(path: string, cause?: unknown): ImageError {
  return new ImageError(`${path} is damaged and cannot be decoded: copy or download it again.`, { cause });
}

function checkSize(path: string, width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged(path);
  if (width * height > MAX_PIXELS)
    throw new ImageError(
      `${path} claims ${width}x${height} pixels, more than the limit of ${MAX_PIXELS / 1e6} million: make it smaller first.`,
    );
}

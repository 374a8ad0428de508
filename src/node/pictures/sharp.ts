import type { Metadata, Sharp } from 'sharp';
import { ImageError } from '../../errors.js';
import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture } from '../../image/picture.js';
import { firstGifFrame } from './gif.js';
import { isJpeg, outlineJpeg } from './jpeg.js';
import { checkSize, cutOff, damaged } from './refusals.js';
import { tiffDoubt } from './tiff.js';

/**
 * Any format that sharp knows, to 8-bit RGB. EXIF orientation is applied, but to PNG.
 *
 * @param path for messages
 * @throws ImageError if the bytes are no whole picture, or one whose pixels would be guessed
 */
export async function readWithSharp(path: string, bytes: Buffer): Promise<Picture> {
  // Loaded only when wanted: most pictures are PNG, and this takes a tenth of a whole run for one of them.
  const { default: sharp } = await import('sharp');
  // Pixels that were made up for missing data must not be explained, and decoders only warn of many.
  const options = { failOn: 'warning', limitInputPixels: false } as const;
  try {
    const input = isJpeg(bytes) ? tidiedJpeg(path, bytes) : bytes;
    const metadata = await sharp(input, options).metadata();
    checkSize(path, metadata.width, metadata.height);
    checkSamples(path, bytes, metadata);
    const ignoreIcc = metadata.space !== 'cmyk';
    // A PNG may say how it lies in ways that the decoder does not know, so that its reader turns it.
    const autoOrient = metadata.format !== 'png';
    const decoded = sharp(input, { ...options, autoOrient, ignoreIcc });
    if (metadata.format === 'gif') placeFrame(path, bytes, decoded);
    const { data, info } = await decoded
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return flattenOverWhite(data, info.channels, info.width, info.height);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw explain(path, bytes, error);
  }
}

/** Of JPEG, decoders warn of much that is harmless too. */
function tidiedJpeg(path: string, bytes: Buffer): Buffer {
  const { tidied, isComplete } = outlineJpeg(bytes);
  if (!isComplete) throw cutOff(path);
  return tidied;
}

/** What the first frame leaves free of the canvas is transparent, so white; the decoder would make it black. */
function placeFrame(path: string, bytes: Buffer, decoded: Sharp): void {
  const frame = firstGifFrame(bytes);
  if (!frame || frame.pixels < frame.width * frame.height) throw cutOff(path);
  const { canvas, left, top, width, height } = frame;
  const right = canvas.width - left - width;
  const bottom = canvas.height - top - height;
  if (right < 0 || bottom < 0)
    throw new ImageError(`${path} has a first frame that reaches beyond its canvas: save it as PNG first.`);
  decoded.extract({ left, top, width, height }).extend({ left, top, right, bottom, background: 'white' });
}

/** Samples of other kinds would be clipped to 0 to 255 whatever they mean, other channels be taken for alpha. */
function checkSamples(path: string, bytes: Buffer, { format, depth }: Metadata): void {
  const isUnsigned = depth === 'uchar' || depth === 'ushort';
  const doubt = isUnsigned ? undefined : `samples of the type "${depth}", whose range cannot be told`;
  const held = doubt ?? (format === 'tiff' ? tiffDoubt(bytes) : undefined);
  if (held !== undefined) throw unreadable(path, held);
}

function unreadable(path: string, held: string, cause?: unknown): ImageError {
  return new ImageError(
    `${path} holds ${held}: convert it to RGB or grey with 8 or 16 unsigned bits a sample.`,
    { cause },
  );
}

function explain(path: string, bytes: Buffer, cause: unknown): ImageError {
  const message = String(cause);
  if (/^ftyp(hei|hev)/.test(bytes.toString('latin1', 4, 12)))
    return new ImageError(`${path} is a HEIC picture, which cannot be read: convert it to JPEG or PNG.`, {
      cause,
    });
  if (message.includes('unsupported image format'))
    return new ImageError(
      `${path} is not a picture that can be read: give a PNG, JPEG, WebP, GIF, TIFF or AVIF.`,
      { cause },
    );
  if (/unsupported tiff|samples out of range|not a whole number of bytes/.test(message))
    return unreadable(path, 'samples or colours of a kind that cannot be read', cause);
  if (/premature end|truncated|end of file|unexpected end/i.test(message)) return cutOff(path, cause);
  return damaged(path, cause);
}

import type { Metadata, Sharp } from 'sharp';
import { ImageError } from '../../errors.js';
import { flattenOverWhite } from '../../image/flatten.js';
import type { Size } from '../../image/picture.js';
import { avifSizes } from './avif.js';
import type { Decoded } from './decoded.js';
import { firstGifFrame } from './gif.js';
import { isJpeg, outlineJpeg, type JpegOutline } from './jpeg.js';
import { reductionOf, type DecodingWay, type PictureLimits } from './limits.js';
import { cutOff, damaged, unreadable } from './refusals.js';
import { tiffDoubt } from './tiff.js';

/**
 * Any format that sharp knows, to 8-bit RGB; a very large picture is made smaller on the way.
 *
 * @param path for messages
 * @throws ImageError if the bytes are no whole picture, or one whose pixels would be guessed
 */
export async function readWithSharp(path: string, bytes: Buffer, limits: PictureLimits): Promise<Decoded> {
  // Loaded only when wanted: most pictures are PNG, and this takes a tenth of a whole run for one of them.
  const { default: sharp } = await import('sharp');
  // Pixels that were made up for missing data must not be explained, and decoders only warn of many.
  const options = { failOn: 'warning', limitInputPixels: false } as const;
  try {
    const jpeg = isJpeg(bytes) ? outlineWholeJpeg(path, bytes) : undefined;
    const input = jpeg?.tidied ?? bytes;
    const metadata = await sharp(input, options).metadata();
    const { orientation = 1, pages = 1 } = metadata;
    const reduction = reductionOf(path, metadata, wayOf(metadata, jpeg), limits);
    checkSamples(path, bytes, metadata);
    if (metadata.format === 'heif')
      for (const size of avifSizes(bytes)) reductionOf(path, size, 'whole', limits);
    const ignoreIcc = metadata.space !== 'cmyk';
    // The decoder itself would cut the lower half of 16 bits off.
    const isDeep = metadata.space === 'rgb16' || metadata.space === 'grey16';
    const decoded = sharp(input, { ...options, ignoreIcc });
    if (metadata.format === 'gif') placeFrame(path, bytes, decoded, limits);
    if (reduction > 1) reduce(decoded, metadata, reduction);
    const { data, info } = await decoded
      .toColourspace(isDeep ? 'rgb16' : 'srgb')
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const levels = isDeep ? rounded(data) : data;
    const picture = flattenOverWhite(levels, info.channels, info.width, info.height);
    if (reduction === 1) return { picture, orientation, pages };
    const { width, height } = metadata;
    return { picture: { ...picture, reducedFrom: { width, height } }, orientation, pages };
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw explain(path, bytes, error);
  }
}

/** 16 bits, the lower ones first, to 8. */
function rounded(data: Buffer): Uint8Array {
  const levels = new Uint8Array(data.length / 2);
  // Storing cuts the fraction off.
  for (let i = 0; i < levels.length; i++) levels[i] = (data[2 * i] + 256 * data[2 * i + 1]) / 257 + 0.5;
  return levels;
}

/** Of JPEG, decoders warn of much that is harmless too. */
function outlineWholeJpeg(path: string, bytes: Buffer): JpegOutline {
  const outline = outlineJpeg(bytes);
  if (!outline.isComplete) throw cutOff(path);
  return outline;
}

const ways: Partial<Record<string, DecodingWay>> = {
  jpeg: 'rows',
  png: 'rows',
  tiff: 'rows',
  webp: 'buffer',
};

function wayOf({ format, isProgressive }: Metadata, jpeg: JpegOutline | undefined): DecodingWay {
  const needsAll = isProgressive || (jpeg?.scans ?? 1) > 1;
  return needsAll ? 'buffer' : (ways[format] ?? 'whole');
}

/** In pixels that lie as in the file: turned before it is made smaller, the whole would have to be in memory. */
function reduce(decoded: Sharp, { width, height }: Size, factor: number): void {
  const smaller = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  // Asked for all of it first, the decoder does not leave out the fine frequencies of blocks, which would cost
  // exactness; this kernel never leaves the range of its samples, or white would not stay white.
  decoded.extract({ left: 0, top: 0, width, height }).resize({ ...smaller, fit: 'fill', kernel: 'linear' });
}

/** What the first frame leaves free of the canvas is transparent, so white; the decoder would make it black. */
function placeFrame(path: string, bytes: Buffer, decoded: Sharp, limits: PictureLimits): void {
  const frame = firstGifFrame(bytes);
  if (!frame || frame.pixels < frame.width * frame.height) throw cutOff(path);
  const { canvas, left, top, width, height } = frame;
  if (width * height === 0) throw damaged(path);
  // Of a canvas that it takes for a mistake, the decoder tells the first frame's size.
  reductionOf(path, canvas, 'whole', limits);
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

/** What decoders say of what they never learned: TIFF, JPEG beyond the usual and of more than 8 bits, AVIF of more. */
const beyondDecoder =
  /unsupported tiff|samples out of range|not a whole number of bytes|Unsupported (JPEG|marker|color)|not supported by this decoder/;

function explain(path: string, bytes: Buffer, cause: unknown): ImageError {
  const message = String(cause);
  if (/^ftyp(hei|hev)/.test(bytes.toString('latin1', 4, 12)))
    return new ImageError(`${path} is a HEIC picture, which cannot be read: convert it to JPEG or PNG.`, {
      cause,
    });
  if (bytes.toString('latin1', 4, 12) === 'ftypavis')
    return new ImageError(`${path} is an AVIF animation, which cannot be read: save a picture of it.`, {
      cause,
    });
  if (message.includes('unsupported image format'))
    return new ImageError(
      `${path} is not a picture that can be read: give a PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP or PPM.`,
      { cause },
    );
  if (beyondDecoder.test(message))
    return unreadable(path, 'samples or colours of a kind that cannot be read', cause);
  if (message.includes('compression support is not configured'))
    return new ImageError(
      `${path} is compressed in a way that cannot be read: save it without compression, or as PNG.`,
      { cause },
    );
  if (/premature end|truncated|end of file|unexpected end/i.test(message)) return cutOff(path, cause);
  return damaged(path, cause);
}

import { ImageError } from '../errors.js';
import { flattenOverWhite } from '../image/flatten.js';
import type { Picture } from '../image/picture.js';

/** What a browser can make pixels of: a file, or a frame of a camera. */
export type PictureContent = Blob | ImageBitmap;

/** As `vitrine/node` keeps it: beyond, a picture is made smaller while it is decoded. */
const mostPixels = 100_000_000;

export interface PictureOfPage extends Picture {
  /** What a person must know of how it was read; mostly absent. */
  readonly note?: string;
}

/**
 * Decodes a picture by the browser's decoders, in a page or a worker: as `readPicture` of `vitrine/node`, EXIF orientation is
 * applied, colour profiles are ignored and transparency is laid over white. Opaque pixels without loss are the same ones; those of
 * JPEG differ by up to 2 levels, as decoders do.
 * @param name for messages
 * @throws ImageError if the browser cannot decode it
 */
export async function readPicture(content: PictureContent, name: string): Promise<PictureOfPage> {
  const whole = await decoded(content, name);
  const { width, height } = whole;
  const scale = Math.min(1, Math.sqrt(mostPixels / (width * height)));
  try {
    const picture = pixelsOf(
      whole,
      Math.max(1, Math.floor(width * scale)),
      Math.max(1, Math.floor(height * scale)),
    );
    if (scale === 1) return picture;
    const note = `It has more than ${mostPixels / 1e6} million pixels and was decoded smaller, ${picture.width} x ${picture.height}.`;
    return { ...picture, reducedFrom: { width, height }, note };
  } finally {
    whole.close();
  }
}

async function decoded(content: PictureContent, name: string): Promise<ImageBitmap> {
  if (!(content instanceof Blob)) return content;
  if (content.size === 0) throw new ImageError(`"${name}" is empty; choose a picture.`);
  try {
    return await createImageBitmap(content, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: 'from-image',
    });
  } catch (error) {
    throw new ImageError(
      `"${name}" is no picture that this browser can decode; choose a PNG, a JPEG, a WebP or another common format.`,
      { cause: error },
    );
  }
}

function pixelsOf(bitmap: ImageBitmap, width: number, height: number): Picture {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new ImageError('This browser has no memory left for a picture of that size.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  return flattenOverWhite(new Uint8Array(data.buffer), 4, width, height);
}

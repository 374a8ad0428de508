import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, UsageError } from '../../errors.js';
import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture } from '../../image/picture.js';
import { decodePicture } from './decode.js';
import { pictureLimits } from './limits.js';
import { readPictureBytes } from './picture-bytes.js';
import { damaged } from './refusals.js';

/** The first and the last of the frames that are wanted, counted from 0; undefined for all. */
export type FrameRange = readonly [first: number, last: number] | undefined;

/** A part of a moving picture. */
export interface Frames {
  /** In their order, all of one size. */
  readonly pictures: readonly Picture[];
  /** Number of the first one. */
  readonly first: number;
  /** Milliseconds that each is shown. */
  readonly delays: readonly number[];
  /** As what it came, and as what it is to be written. */
  readonly format: 'gif' | 'webp';
}

/** What frames of a folder are shown for: ten a second. */
const usualDelay = 100;

/**
 * The frames of an animated GIF or WebP, each whole, on white where it is transparent; or the pictures of a folder, in the order of
 * their names, numbers as numbers.
 * @throws ImageError for what does not move, or is damaged; UsageError for frames that are not there
 */
export async function readFrames(path: string, range: FrameRange): Promise<Frames> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isDirectory() ? framesOfFolder(path, range) : framesOfFile(path, range);
}

async function framesOfFolder(path: string, range: FrameRange): Promise<Frames> {
  const names = (await readdir(path))
    .filter((name) => /\.(png|jpe?g|webp|tiff?|gif|avif|bmp|p[bgp]m)$/i.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.length === 0) throw new ImageError(`${path} has no pictures in it: give a folder of frames.`);
  const [first, last] = within(path, names.length, range);
  const pictures: Picture[] = [];
  for (const name of names.slice(first, last + 1)) {
    const file = join(path, name);
    const picture = await decodePicture(await readPictureBytes(file, file), file);
    refuseTooMany(path, picture, last - first + 1);
    if (pictures.length > 0 && !isSameSize(picture, pictures[0])) {
      throw new ImageError(
        `${file} is of ${picture.width}x${picture.height} pixels, the frames before it of ` +
          `${pictures[0].width}x${pictures[0].height}: make all of one size.`,
      );
    }
    pictures.push(picture);
  }
  return { pictures, first, delays: pictures.map(() => usualDelay), format: 'webp' };
}

async function framesOfFile(path: string, range: FrameRange): Promise<Frames> {
  const bytes = await readPictureBytes(path, path);
  const { default: sharp } = await import('sharp');
  const options = { failOn: 'warning', limitInputPixels: false } as const;
  const {
    format,
    pages = 1,
    width,
    height,
    delay = [],
  } = await sharp(bytes, options)
    .metadata()
    .catch((error: unknown) => {
      throw damaged(path, error);
    });
  if ((format !== 'gif' && format !== 'webp') || pages < 2) {
    throw new ImageError(
      `${path} does not move: give an animated GIF or WebP, or a folder of frames, or leave out --frames.`,
    );
  }
  const [first, last] = within(path, pages, range);
  const count = last - first + 1;
  refuseTooMany(path, { width, height }, count);
  const decoded = sharp(bytes, { ...options, page: first, pages: count })
    .toColourspace('srgb')
    .raw();
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true }).catch((error: unknown) => {
    throw damaged(path, error);
  });
  const size = data.length / count;
  const pictures = Array.from({ length: count }, (_, frame) =>
    flattenOverWhite(
      data.subarray(frame * size, (frame + 1) * size),
      info.channels,
      info.width,
      info.height / count,
    ),
  );
  return {
    pictures,
    first,
    delays: pictures.map((_, i) => delay.at(first + i) ?? delay.at(-1) ?? usualDelay),
    format,
  };
}

/** @throws UsageError for frames that are not there */
function within(path: string, count: number, range: FrameRange = [0, count - 1]): readonly [number, number] {
  if (range[1] < count) return range;
  throw new UsageError(`${path} has frames 0 to ${count - 1}; --frames asks for ${range.join('-')}.`);
}

/** @throws ImageError where all together would take more memory than one picture may */
function refuseTooMany(
  path: string,
  { width, height }: Pick<Picture, 'width' | 'height'>,
  count: number,
): void {
  const pixels = width * height * count;
  if (pixels <= pictureLimits.whole) return;
  throw new ImageError(
    `${path} has ${Math.round(pixels / 1e6)} million pixels in ${count} frames, more than the limit of ` +
      `${pictureLimits.whole / 1e6} million: name fewer with --frames A-B, or make it smaller first.`,
  );
}

function isSameSize(a: Picture, b: Picture): boolean {
  return a.width === b.width && a.height === b.height;
}

/** An animation that repeats for ever, of frames of one size. */
export async function encodeFrames({
  pictures,
  delays,
  format,
}: Pick<Frames, 'pictures' | 'delays' | 'format'>): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const [{ width, height }] = pictures;
  const data = Buffer.concat(pictures.map((picture) => picture.data));
  const raw = { width, height: height * pictures.length, channels: 3, pageHeight: height } as const;
  const delay = delays.map((milliseconds) => Math.max(1, Math.round(milliseconds)));
  const frames = sharp(data, { raw, limitInputPixels: false });
  return format === 'gif'
    ? frames.gif({ delay, loop: 0 }).toBuffer()
    : frames.webp({ delay, loop: 0, quality: 90 }).toBuffer();
}

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImageError, UsageError } from '../errors.js';
import { filesOfLossyPath, isLossy } from '../node/files/lossy-paths.js';
import {
  readStandardInput,
  refuseFolder,
  refuseTerminal,
  standardInputEntry,
} from '../node/files/standard-input.js';
import { decodePicture } from '../node/pictures/decode.js';
import { readPictureBytes } from '../node/pictures/picture-bytes.js';
import type { PictureOfFile } from '../node/pictures/picture-of-file.js';
import { legible, legibleBytes } from './legible.js';

/** What stands for the standard input in the place of a path. No path is confused with it: those are absolute. */
export const standardInput = '-';

/** Where a picture comes from. */
export interface PictureSource {
  /** What messages call it. */
  readonly name: string;
  /** Absolute, with bytes that are not UTF-8 as `%E4`; undefined if it is no file. */
  readonly path: string | undefined;
  /** What its results are called after, with the ending that is not of the name. */
  readonly file: string;
  /** What tells it from any other picture: where a file really is, what a pipe holds. */
  readonly identity: string | Buffer;
  /** Present where there is no such file, and so will be no results of it. */
  readonly isMissing?: true;
  /** @throws ImageError as `readPicture` */
  readonly read: () => Promise<PictureOfFile>;
}

const input = { name: 'The standard input', path: undefined, file: 'stdin' };

/**
 * @param images absolute paths, or `standardInput`; this and pipes are read at once
 * @throws UsageError if that is a terminal or a folder, or a pipe is given twice
 */
export async function sourcesOf(images: readonly string[]): Promise<PictureSource[]> {
  if (images.includes(standardInput)) {
    refuseTerminal();
    refuseFolder();
  }
  await refusePipesGivenTwice(images);
  return Promise.all(
    images.map((image) =>
      image === standardInput ? sourceOfStream(input, readStandardInput()) : sourceOfPath(image),
    ),
  );
}

/** Two readers of one pipe would each get a part of what it holds, under whatever names they have it. */
async function refusePipesGivenTwice(images: readonly string[]): Promise<void> {
  const known = new Set<string>();
  for (const image of images) {
    const entry = image === standardInput ? standardInputEntry() : await stat(image).catch(() => undefined);
    if (entry?.isFIFO() !== true) continue;
    const identity = `${entry.dev}:${entry.ino}`;
    if (known.has(identity)) {
      const name = image === standardInput ? input.name : image;
      throw new UsageError(`${name} is a pipe, which holds one picture; give it once.`);
    }
    known.add(identity);
  }
}

async function sourceOfPath(path: string): Promise<PictureSource> {
  const candidates = isLossy(path) ? await filesOfLossyPath(path) : [];
  if (candidates.length === 1) return sourceOfFile(candidates[0], legibleBytes(candidates[0]));
  // If there is none, reading it says so.
  const source = await sourceOfFile(path, path);
  return candidates.length === 0 ? source : { ...source, read: () => Promise.reject(ambiguous(candidates)) };
}

/** @param path bytes where it is not UTF-8 */
async function sourceOfFile(path: string | Buffer, name: string): Promise<PictureSource> {
  const about = { name, path: name, file: legible(basename(name)) };
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFIFO() === true) return sourceOfStream(about, readPictureBytes(path, name));
  const identity = await realpath(path, { encoding: 'buffer' }).catch(() => path);
  const missing = entry ? {} : { isMissing: true as const };
  return {
    ...about,
    ...missing,
    identity,
    read: async () => decodePicture(await readPictureBytes(path, name), name),
  };
}

function ambiguous(candidates: readonly Buffer[]): ImageError {
  const names = candidates.map(legibleBytes);
  return new ImageError(
    `A name that is not UTF-8 stands for ${names.length} files, ${names.join(' and ')}: rename them, or give one as --image - < FILE.`,
  );
}

/** What comes but once, and from nowhere that would tell it from the next. */
async function sourceOfStream(
  about: Pick<PictureSource, 'name' | 'path' | 'file'>,
  reading: Promise<Buffer>,
): Promise<PictureSource> {
  // If that fails, the pictures beside it are still wanted.
  const bytes = await reading.catch(() => '');
  return {
    ...about,
    identity: createHash('sha256').update(bytes).digest(),
    read: async () => decodePicture(await reading, about.name),
  };
}

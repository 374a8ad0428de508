import { afterAll, beforeAll, expect } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError } from '../../src/errors.js';
import { pictureLimits, type PictureLimits } from '../../src/node/pictures/limits.js';
import { decodePicture } from '../../src/node/pictures/decode.js';
import { readPictureBytes } from '../../src/node/pictures/picture-bytes.js';
import type { PictureOfFile } from '../../src/node/pictures/picture-of-file.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { pixelsOf } from './pictures.js';

/** The files of a suite's pictures. */
export interface PictureFiles {
  /** There from the suite's beginning to its end. */
  readonly folder: string;
  /** Writes a file and gives its path. */
  stored(bytes: Uint8Array | string, name?: string): Promise<string>;
  /** Reads a picture of these bytes. */
  read(bytes: Uint8Array | string, limits?: PictureLimits): Promise<PictureOfFile>;
  /** The pixels that reading these bytes gives, or the message of the ImageError, without the path before it. */
  outcome(bytes: Uint8Array | string, limits?: PictureLimits): Promise<number[][] | string>;
}

/** Makes a temporary folder before a suite's tests and removes it after. */
export function usePictureFiles(): PictureFiles {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-pictures-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const stored: PictureFiles['stored'] = async (bytes, name = 'picture') => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
  return {
    get folder() {
      return folder;
    },
    stored,
    read: async (bytes, limits) => readWithin(await stored(bytes), limits),
    outcome: async (bytes, limits) => {
      const path = await stored(bytes);
      try {
        return pixelsOf(await readWithin(path, limits));
      } catch (error) {
        const message = messageOf(error);
        expect(message.startsWith(`${path} `)).toBe(true);
        return message.slice(path.length + 1);
      }
    },
  };
}

/** As `readPicture`, with other limits than it has. */
async function readWithin(path: string, limits = pictureLimits): Promise<PictureOfFile> {
  return decodePicture(await readPictureBytes(path, path), path, limits);
}

/** The message of the ImageError that reading the file ends in. */
export function refusalOf(path: string): Promise<string> {
  return readPicture(path).then(() => 'no refusal', messageOf);
}

function messageOf(error: unknown): string {
  expect(error).toBeInstanceOf(ImageError);
  return (error as ImageError).message;
}

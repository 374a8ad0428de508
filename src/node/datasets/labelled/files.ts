import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { LabelledPictures } from '../../../data/sets/index.js';
import { DataError } from '../../../errors.js';
import type { Mask } from '../../../image/index.js';
import { failureInWords } from '../../files/failure-in-words.js';
import { readPicture } from '../../pictures/read.js';

const unpacked = promisify(gunzip);

/** No file of a set that is read as a whole is larger once it is unpacked. */
const LARGEST = 2 ** 30;

/** @throws DataError if it cannot be read */
export async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new DataError(`Cannot read "${path}": ${failureInWords(error)}.`, { cause: error });
  }
}

/** The same of a file that may be packed by gzip. */
export async function unpackedBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await bytesOf(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(await unpacked(bytes, { maxOutputLength: LARGEST }));
  } catch (error) {
    throw new DataError(`"${path}" cannot be unpacked: it is damaged; fetch it again.`, { cause: error });
  }
}

/** @throws DataError if it cannot be read */
export async function textOf(path: string): Promise<string> {
  return new TextDecoder().decode(await bytesOf(path));
}

/** A picture's file, and the class that it shows. */
export interface LabelledFile {
  readonly path: string;
  readonly label: number;
}

/** Pictures in files of their own, decoded one by one when they are asked for. */
export function picturesInFiles(
  files: readonly LabelledFile[],
  mask?: (file: LabelledFile) => Promise<Mask>,
): LabelledPictures {
  return {
    labels: files.map(({ label }) => label),
    name: (index) => files[index].path,
    picture: (index) => readPicture(files[index].path),
    ...(mask && { mask: (index: number) => mask(files[index]) }),
  };
}

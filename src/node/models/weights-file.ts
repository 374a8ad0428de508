import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { VitrineError, WeightsError } from '../../errors.js';
import { bytesSource, type ByteSource } from '../../models/index.js';
import { failureInWords } from '../files/failure-in-words.js';
import { FileSource } from '../files/file-source.js';

/**
 * Opens a file of weights, to be read by ranges. What has no places to read at, such as a pipe, is read at once.
 * @throws WeightsError when it cannot be read, or is empty
 */
export async function openWeightsFile(path: string): Promise<ByteSource> {
  const source = await inWords(path, () => open(path));
  if (source.size === 0) throw new WeightsError(`The weights file "${path}" is empty: fetch it again.`);
  return {
    name: path,
    size: source.size,
    read: (begin, end) => inWords(path, () => source.read(begin, end)),
  };
}

async function open(path: string): Promise<ByteSource> {
  const stats = fs.statSync(path);
  if (stats.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
  if (stats.isFile()) return new FileSource(path);
  return bytesSource(path, await readFile(path));
}

/** SHA-256 of sources, one after the other, in hexadecimal. */
export async function sha256Of(sources: readonly ByteSource[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    let next = source.read(0, Math.min(hashedAtOnce, source.size));
    for (let begin = 0; begin < source.size;) {
      const bytes = await next;
      begin += bytes.length;
      // The next piece is read while this one is hashed.
      if (begin < source.size) next = source.read(begin, Math.min(begin + hashedAtOnce, source.size));
      hash.update(bytes);
    }
  }
  return hash.digest('hex');
}

const hashedAtOnce = 2 ** 20;

async function inWords<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof VitrineError ? error : cannotRead(path, error);
  }
}

export function cannotRead(path: string, error: unknown): WeightsError {
  return new WeightsError(
    `Cannot read the weights file "${path}": ${failureInWords(error)}; give the path of a checkpoint.`,
  );
}

import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { VitrineError, WeightsError } from '../../errors.js';
import { bytesSource, type ByteSource } from '../../models/index.js';
import { failureInWords } from '../files/failure-in-words.js';
import { FileSource } from '../files/file-source.js';
import type { FileState } from '../files/file-state.js';
import { HeldFile } from '../files/held-file.js';

/** A file of weights, which can be hashed without being in memory. */
export interface WeightsFile extends ByteSource {
  /** As it was opened; undefined of what keeps no numbers, such as a pipe. */
  readonly state: FileState | undefined;
  /** @throws WeightsError if it cannot be read any more */
  addTo(hash: Hash): Promise<void>;
}

/**
 * Opens a file of weights, to be read by ranges. What has no places to read at, such as a pipe, is read at once.
 * @throws WeightsError when it cannot be read, or is empty
 */
export async function openWeightsFile(path: string): Promise<WeightsFile> {
  const file = await inWords(path, () => open(path));
  if (file.size === 0) throw new WeightsError(`The weights file "${path}" is empty: fetch it again.`);
  return {
    name: path,
    size: file.size,
    state: file.state,
    read: (begin, end) => inWords(path, () => file.read(begin, end)),
    addTo: (hash) => inWords(path, () => file.addTo(hash)),
  };
}

async function open(path: string): Promise<WeightsFile> {
  const stats = fs.statSync(path);
  if (stats.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
  if (!stats.isFile()) {
    const bytes = await readFile(path);
    return hashable(bytesSource(path, bytes), undefined, (hash) => Promise.resolve(void hash.update(bytes)));
  }
  const source = new FileSource(path);
  if (source.size > largestHeld) return hashable(source, source.state, (hash) => addFile(source, hash));
  const held = new HeldFile(source);
  return hashable(held, source.state, async (hash) => void hash.update(await held.all()));
}

/** Files up to this size stay in memory once they are read, to be hashed from there. */
const largestHeld = 2 ** 25;

function hashable(source: ByteSource, state: WeightsFile['state'], addTo: WeightsFile['addTo']): WeightsFile {
  return {
    name: source.name,
    size: source.size,
    state,
    read: (begin, end) => source.read(begin, end),
    addTo,
  };
}

const hashedAtOnce = 2 ** 18;

/** Through the same two pieces of memory: to get new memory for each costs more than to read and hash it. */
async function addFile(source: FileSource, hash: Hash): Promise<void> {
  let [current, other] = [new Uint8Array(hashedAtOnce), new Uint8Array(hashedAtOnce)];
  const fill = async (bytes: Uint8Array, begin: number): Promise<Uint8Array> => {
    const piece = bytes.subarray(0, Math.min(hashedAtOnce, source.size - begin));
    await source.fill(piece, begin);
    return piece;
  };
  let next = fill(current, 0);
  for (let begin = 0; begin < source.size; begin += hashedAtOnce) {
    const piece = await next;
    [current, other] = [other, current];
    // Read while the one before is hashed.
    if (begin + hashedAtOnce < source.size) next = fill(current, begin + hashedAtOnce);
    hash.update(piece);
  }
}

/** SHA-256 of files, one after the other, in hexadecimal. */
export async function sha256Of(files: readonly WeightsFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) await file.addTo(hash);
  return hash.digest('hex');
}

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

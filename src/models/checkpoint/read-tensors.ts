import { readAhead } from '../../read-ahead.js';
import { sizeOf } from '../../tensor/index.js';
import { checkFinite } from './finite.js';
import type { CheckpointTensor, TensorFile } from './tensor-file.js';

/** A tensor whose numbers are in memory. */
export interface ReadTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Reads tensors, in the order of the file. Beside their numbers there are never more than a few groups of bytes in
 * memory, however large the file.
 *
 * @param names of those to read; all if left out
 * @throws WeightsError if a number is not finite, or the file cannot be read
 */
export async function readTensors(
  { source, tensors }: Pick<TensorFile, 'source' | 'tensors'>,
  names: ReadonlySet<string> = new Set(tensors.keys()),
): Promise<Map<string, ReadTensor>> {
  const result = new Map<string, ReadTensor>();
  const groups = readAhead(
    [...tensors].filter(([name]) => names.has(name)),
    {
      read: ([name, tensor]) => readFinite(source, name, tensor),
      bytesOf: ([, tensor]) => float32Bytes(tensor),
      groupBytes: 2 ** 24,
      // Enough that neither the disk nor a busy thread waits for the other.
      groupsAhead: 7,
    },
  );
  for await (const group of groups) {
    for (const [[name, { shape }], values] of group) result.set(name, { shape, values });
  }
  return result;
}

/**
 * The numbers of one tensor, read now.
 * @param source the file's name, for messages
 * @throws WeightsError if a number is not finite, or the file cannot be read
 */
export async function readFinite(
  source: string,
  name: string,
  tensor: CheckpointTensor,
): Promise<Float32Array<ArrayBuffer>> {
  const values = await tensor.read();
  checkFinite(source, name, tensor, values);
  return values;
}

/** What a tensor takes of memory once it is read. */
export function float32Bytes({ shape }: CheckpointTensor): number {
  return 4 * sizeOf(shape);
}

import { checkFinite } from './finite.js';
import type { CheckpointTensor, TensorFile } from './tensor-file.js';

/** A tensor whose numbers are in memory. */
export interface ReadTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Bytes of float32 that are asked for at once. */
const groupBytes = 2 ** 24;

/** So many groups are on their way at a time: enough that neither the disk nor a busy thread waits for the other. */
const groupsAhead = 8;

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
  const groups = groupsOf([...tensors].filter(([name]) => names.has(name)));
  const reads: Promise<Float32Array<ArrayBuffer>[]>[] = [];
  const result = new Map<string, ReadTensor>();
  for (const [position, group] of groups.entries()) {
    while (reads.length < Math.min(groups.length, position + groupsAhead)) {
      reads.push(readGroup(groups[reads.length]));
    }
    const values = await reads[position];
    // From here on `result` alone holds them.
    reads[position] = Promise.resolve([]);
    group.forEach(([name, tensor], i) => {
      checkFinite(source, name, tensor, values[i]);
      result.set(name, { shape: tensor.shape, values: values[i] });
    });
  }
  return result;
}

type NamedTensor = readonly [name: string, tensor: CheckpointTensor];

function readGroup(group: readonly NamedTensor[]): Promise<Float32Array<ArrayBuffer>[]> {
  const reading = Promise.all(group.map(([, tensor]) => tensor.read()));
  // Whoever awaits it hears of a failure; of several, the first in the file is told.
  reading.catch(() => undefined);
  return reading;
}

function groupsOf(tensors: readonly NamedTensor[]): NamedTensor[][] {
  const groups: NamedTensor[][] = [];
  let room = 0;
  for (const named of tensors) {
    const bytes = named[1].shape.reduce((product, extent) => product * extent, 4);
    if (groups.length === 0 || bytes > room) {
      groups.push([]);
      room = groupBytes;
    }
    groups[groups.length - 1].push(named);
    room -= bytes;
  }
  return groups;
}

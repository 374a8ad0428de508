import { WeightsError } from '../../../errors.js';
import { gather, rowMajor } from '../strided.js';
import type { CheckpointTensor, TensorFile } from '../tensor-file.js';
import { itemSize, toFloat32 } from '../values.js';
import type { Archive, ArchiveRecord } from '../zip/archive.js';
import { likelyHeader, parseArrayHeader } from './header.js';

/** How the arrays of an `.npz` file are called. */
export const arrayEnding = '.npy';

/**
 * Opens what `numpy.savez` writes: a zip file of arrays.
 * @throws WeightsError if an array is damaged, or of a type that is not supported
 */
export async function openNpz(source: string, archive: Archive): Promise<TensorFile> {
  const arrays = [...archive].filter(([name]) => name.endsWith(arrayEnding));
  const tensors = await Promise.all(
    arrays.map(async ([file, record]): Promise<[string, CheckpointTensor]> => {
      const name = file.slice(0, -arrayEnding.length);
      return [name, await openArray(source, name, record)];
    }),
  );
  return { source, format: 'NumPy', wrapping: [], tensors: new Map(tensors), metadata: {} };
}

async function openArray(source: string, name: string, record: ArchiveRecord): Promise<CheckpointTensor> {
  const fail = (what: string): never => {
    throw new WeightsError(`The array ${JSON.stringify(name)} of "${source}" ${what}.`);
  };
  const start = await record.read(0, Math.min(likelyHeader, record.size));
  const { dtype, shape, isColumnMajor, begin } = parseArrayHeader(start, fail);
  const bytes = shape.reduce((product, extent) => product * extent, itemSize[dtype]);
  if (begin + bytes !== record.size) {
    fail(
      `is damaged: it has ${record.size - begin} bytes of numbers, and should have ${bytes}; fetch it again`,
    );
  }
  const strides = isColumnMajor ? rowMajor([...shape].reverse()).reverse() : rowMajor(shape);
  return {
    dtype,
    shape,
    read: async () => gather(toFloat32(dtype, await record.read(begin, record.size)), shape, strides),
  };
}

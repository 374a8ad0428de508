import type { Module } from '../../nn/index.js';
import { checkFit } from './fit.js';
import { float32Bytes, readFinite, readTensors } from './read-tensors.js';
import type { TensorFile } from './tensor-file.js';

/** Bytes of float32 up to which a checkpoint is read at once and held: to read it later would save little. */
const largestHeld = 2 ** 25;

/**
 * Gives every parameter of a module the tensor of the same name, reading no others.
 *
 * The numbers of a small checkpoint are read at once. Those of one beyond 32 MiB as float32 are read when a backend takes its
 * copy of them, and held by nobody else: `compile` then rejects with a WeightsError if one is not finite, or if the file
 * cannot be read or was changed since it was opened.
 * @throws WeightsError if tensors are missing, left over, of another shape, or, where they are read at once, not finite; the
 *   module is then left as it was
 */
export async function loadCheckpoint(
  module: Module,
  checkpoint: Pick<TensorFile, 'source' | 'tensors'>,
): Promise<void> {
  const { source, tensors } = checkpoint;
  const parameters = [...module.namedParameters()];
  checkFit(parameters, checkpoint);
  const bytes = [...tensors.values()].reduce((sum, tensor) => sum + float32Bytes(tensor), 0);
  if (bytes > largestHeld) {
    for (const [name, parameter] of parameters) {
      const tensor = tensors.get(name)!;
      parameter.assign(async () => alone(await readFinite(source, name, tensor)));
    }
    return;
  }
  const read = await readTensors(checkpoint);
  for (const [name, parameter] of parameters) parameter.assign(read.get(name)!.values);
}

/** In memory that nothing else is in: whoever takes the numbers may do with it what they want. */
function alone(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return values.byteLength === values.buffer.byteLength ? values : values.slice();
}

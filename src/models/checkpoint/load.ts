import type { Module } from '../../nn/index.js';
import { checkFit } from './fit.js';
import { readTensors } from './read-tensors.js';
import type { TensorFile } from './tensor-file.js';

/**
 * Gives every parameter of a module the numbers of the tensor of the same name, reading no others.
 * @throws WeightsError if tensors are missing, left over, of another shape, or not finite; the module is then left as it was
 */
export async function loadCheckpoint(
  module: Module,
  checkpoint: Pick<TensorFile, 'source' | 'tensors'>,
): Promise<void> {
  const parameters = [...module.namedParameters()];
  checkFit(parameters, checkpoint);
  const read = await readTensors(checkpoint);
  for (const [name, parameter] of parameters) parameter.assign(read.get(name)!.values);
}

import { WeightsError } from '../../errors.js';
import type { Module } from '../../nn/index.js';
import { formatShape } from '../../tensor/index.js';
import { assertFinite, type Checkpoint } from './safetensors.js';

/**
 * Gives every parameter of a module the tensor of the same name.
 * @param source the file's name, for messages
 * @throws WeightsError if a tensor is missing, left over, of another shape, or not finite; the module is then
 *   left as it was
 */
export function loadCheckpoint(module: Module, checkpoint: Checkpoint, source: string): void {
  const parameters = new Map(module.namedParameters());
  const missing = [...parameters.keys()].filter((name) => !checkpoint.tensors.has(name));
  const unexpected = [...checkpoint.tensors.keys()].filter((name) => !parameters.has(name));
  if (missing.length > 0 || unexpected.length > 0) {
    const complaints = [
      ...(missing.length > 0 ? [`lacks ${list(missing)}`] : []),
      ...(unexpected.length > 0 ? [`holds ${list(unexpected)}, which the model does not know`] : []),
    ];
    throw new WeightsError(
      `"${source}" ${complaints.join(' and ')}; use the checkpoint that belongs to this model.`,
    );
  }
  for (const [name, { shape }] of parameters) {
    const found = checkpoint.tensors.get(name)!.shape;
    if (formatShape(found) !== formatShape(shape)) {
      throw new WeightsError(
        `"${source}" holds "${name}" with shape ${formatShape(found)}, but the model needs ${formatShape(shape)}; ` +
          'use the checkpoint that belongs to this model.',
      );
    }
  }
  assertFinite(checkpoint, source);
  for (const [name, parameter] of parameters) parameter.assign(checkpoint.tensors.get(name)!.values);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

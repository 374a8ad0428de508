import { WeightsError } from '../../errors.js';
import { formatShape } from '../../tensor/index.js';
import type { TensorFile } from './tensor-file.js';

/** A name, and what it measures. */
type Named = readonly [name: string, tensor: { readonly shape: readonly number[] }];

/** @throws WeightsError if tensors are missing, left over or of another shape */
export function checkFit(
  wanted: readonly Named[],
  { source, tensors }: Pick<TensorFile, 'source' | 'tensors'>,
): void {
  const parameters = new Map(wanted);
  const missing = [...parameters.keys()].filter((name) => !tensors.has(name));
  const unexpected = [...tensors.keys()].filter((name) => !parameters.has(name));
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
    const found = tensors.get(name)!.shape;
    if (formatShape(found) !== formatShape(shape)) {
      throw new WeightsError(
        `"${source}" holds "${name}" with shape ${formatShape(found)}, but the model needs ${formatShape(shape)}; ` +
          'use the checkpoint that belongs to this model.',
      );
    }
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

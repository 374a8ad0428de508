import { WeightsError } from '../../errors.js';
import type { CheckpointTensor } from './tensor-file.js';

/**
 * Makes sure that a tensor holds neither NaN nor an infinity: one such weight makes every output NaN.
 *
 * @param source the file's name, for messages
 * @throws WeightsError that names the tensor, the position and the value
 */
export function checkFinite(
  source: string,
  name: string,
  { dtype, shape }: CheckpointTensor,
  values: Float32Array,
): void {
  // Each is a search of the engine's own: a loop of ours takes five times as long before it is compiled for the processor.
  if (![NaN, Infinity, -Infinity].some((wrong) => values.includes(wrong))) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  throw new WeightsError(
    `"${source}" holds ${values[index]} in tensor ${JSON.stringify(name)} (${dtype}, [${shape.join(', ')}], value ${index}): ` +
      `the checkpoint is damaged or was saved after training diverged, use another one.`,
  );
}

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
  if (allFinite(values)) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  throw new WeightsError(
    `"${source}" holds ${values[index]} in tensor ${JSON.stringify(name)} (${dtype}, [${shape.join(', ')}], value ${index}): ` +
      `the checkpoint is damaged or was saved after training diverged, use another one.`,
  );
}

/**
 * An exponent of ones alone is that of NaN and of the infinities. The bits are looked at as whole numbers, because numbers with a
 * fraction take memory each until this loop is compiled for the processor, which is a good part of a small checkpoint later.
 */
function allFinite({ buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length);
  let found = 0;
  for (let i = 0; i < length; i++) found |= ((bits[i] >> 23) & 255) + 1;
  return (found & 256) === 0;
}

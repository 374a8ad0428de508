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
  if (areFinite(values)) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  throw new WeightsError(
    `"${source}" holds ${values[index]} in tensor ${JSON.stringify(name)} (${dtype}, [${shape.join(', ')}], value ${index}): ` +
      `the checkpoint is damaged or was saved after training diverged, use another one.`,
  );
}

/** A number times 0 is 0, unless it is none: four sums of that, since an addition waits for the one before it in its own sum alone. */
function areFinite(values: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const { length } = values;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += 0 * values[i];
    b += 0 * values[i + 1];
    c += 0 * values[i + 2];
    d += 0 * values[i + 3];
  }
  for (; i < length; i++) a += 0 * values[i];
  return a + b + c + d === 0;
}

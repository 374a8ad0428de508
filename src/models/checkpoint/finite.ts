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

/** 0·x is 0 for every finite x and NaN otherwise. Four sums, so that no addition waits for the one before. */
function allFinite(values: Float32Array): boolean {
  const fours = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < fours; i += 4) {
    a += 0 * values[i];
    b += 0 * values[i + 1];
    c += 0 * values[i + 2];
    d += 0 * values[i + 3];
  }
  for (let i = fours; i < values.length; i++) a += 0 * values[i];
  return !Number.isNaN(a + b + c + d);
}

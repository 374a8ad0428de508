import { fileURLToPath } from 'node:url';
import { WeightsError } from '../errors.js';
import { microConfig } from '../models/micro.js';
import { VisionTransformer } from '../models/vision-transformer.js';
import type { Values } from '../tensor/index.js';
import { readWeights } from './weights.js';

/** Where this package keeps the golden data; `weights/self-check/README.md` says what is in it. */
const packaged = fileURLToPath(new URL('../../weights/self-check/micro.safetensors', import.meta.url));

/** Printed by `weights/self-check/make.js`. */
const expectedSha256 = '4ad123c4c482923219fde3beda9f34bdf5e6c736edc535c4aedfd4b72e449462';

/** A model, and what PyTorch in float64 computed with it. */
export interface Golden {
  /** A new one at each reading, so that a training step spoils it for nobody else. */
  readonly model: VisionTransformer;
  /** The values of a tensor of the file, by its name there. */
  readonly values: (name: string) => Values;
}

/**
 * Reads the golden data of the self-check.
 * @param path of another copy than the package's own
 * @throws WeightsError if the file is missing or not the one that this version was released with
 */
export async function readGolden(path = packaged): Promise<Golden> {
  const read = await readWeights(path).catch(() => undefined);
  // One flipped bit in an expected value would be blamed on the adapter.
  if (read?.sha256() !== expectedSha256) {
    throw new WeightsError(
      `The self-check's data at "${path}" is ${read ? 'damaged' : 'missing or damaged'}: install vitrine again.`,
    );
  }
  const { tensors } = read.checkpoint;
  const values = (name: string): Values => tensors.get(name)!.values;
  const model = new VisionTransformer(microConfig);
  for (const [name, parameter] of model.namedParameters()) parameter.assign(values(`init.${name}`));
  return { model, values };
}

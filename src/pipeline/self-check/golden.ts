import { microConfig } from '../../models/micro.js';
import { VisionTransformer, type ReadTensor } from '../../models/index.js';
import type { Values } from '../../tensor/index.js';

/** A model, and what PyTorch in float64 computed with it. */
export interface Golden {
  /** A new one at each reading, so that a training step spoils it for nobody else. */
  readonly model: VisionTransformer;
  /** The values of a tensor of the file, by its name there. */
  readonly values: (name: string) => Values;
}

/** Of `weights/self-check/micro.safetensors`, in hexadecimal; printed by `weights/self-check/make.js`. */
export const goldenSha256 = '4ad123c4c482923219fde3beda9f34bdf5e6c736edc535c4aedfd4b72e449462';

/** The golden data of the self-check, from the tensors of a checkpoint whose checksum is `goldenSha256`. */
export function goldenOf(tensors: ReadonlyMap<string, ReadTensor>): Golden {
  const values = (name: string): Values => tensors.get(name)!.values;
  const model = new VisionTransformer(microConfig);
  for (const [name, parameter] of model.namedParameters()) parameter.assign(values(`init.${name}`));
  return { model, values };
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configOfTimm } from '../../src/models/configuration/timm-arguments.js';
import { VisionTransformer, type VisionTransformerConfig } from '../../src/index.js';
import { readMetadata, readSafetensors, type StoredTensor } from './safetensors.js';

/** Those of the small models that are part of the repository. */
export const zooFixtures = fileURLToPath(new URL('../fixtures/zoo', import.meta.url));

interface ZooModel {
  readonly model: VisionTransformer;
  readonly golden: (name: string) => StoredTensor;
  /** Of each tensor: how far timm in float32 is from float64 at most, and its largest number. */
  readonly tolerance: Readonly<Record<string, { readonly max_abs: number; readonly scale: number }>>;
  /** Of the two images one-hot, the class whose logit is explained. */
  readonly target: Float32Array;
  /** In timm's order. */
  readonly parameterNames: readonly string[];
}

/** A small model with its weights, and what timm computes with it. */
export function zooModel(folder: string, name: string): ZooModel {
  const path = join(folder, `${name}.golden.safetensors`);
  const [golden, metadata] = [readSafetensors(path), readMetadata(path)];
  const { class: kind, args } = JSON.parse(metadata['config']) as { class: string; args: object };
  const model = new VisionTransformer(configOf(kind, args, name));
  const weights = readSafetensors(join(folder, `${name}.safetensors`));
  for (const [own, parameter] of model.namedParameters()) {
    parameter.assign(weights(own).values as Float32Array);
  }
  const classes = golden('logits').shape[1];
  const target = new Float32Array(2 * classes);
  golden('target').values.forEach((index: number, image: number) => (target[image * classes + index] = 1));
  return {
    model,
    golden,
    tolerance: JSON.parse(metadata['tolerance']) as ZooModel['tolerance'],
    target,
    parameterNames: JSON.parse(metadata['param_names']) as string[],
  };
}

/** What each of timm's classes adds to its arguments. */
function configOf(kind: string, args: object, name: string): VisionTransformerConfig {
  switch (kind) {
    case 'VisionTransformer':
      return configOfTimm({ ...args }, name);
    case 'VisionTransformerDistilled':
      return configOfTimm({ ...args, distilled: true }, name);
    case 'Eva':
      return { ...configOfTimm({ global_pool: 'avg', ...args }, name), qkvBias: 'query-value' };
    default:
      throw new Error(`${name} is of the class ${kind}.`);
  }
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { microConfig } from '../../src/models/micro.js';
import { findModel } from '../../src/models/registry/registry.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { readSafetensors, type StoredTensor } from './safetensors.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/**
 * The micro vision transformer of the golden file: weights under `init.`, and what PyTorch in float64 made of
 * them (logits, attention, gradients, five optimiser steps).
 */
export function microModel(): { model: VisionTransformer; golden: (name: string) => StoredTensor } {
  const path = join(fixtures, 'micro.safetensors');
  const golden = readSafetensors(path);
  const model = new VisionTransformer(microConfig);
  for (const [name, parameter] of model.namedParameters()) {
    parameter.assign(golden(`init.${name}`).values as Float32Array);
  }
  return { model, golden };
}

/** DeiT-tiny with the weights of the reference folder. */
export function deitTiny(referenceFolder: string): VisionTransformer {
  const { name, config } = findModel('deit_tiny_patch16_224');
  const model = new VisionTransformer(config);
  const weights = readSafetensors(join(referenceFolder, 'weights', `${name}.safetensors`));
  for (const [parameterName, parameter] of model.namedParameters()) {
    parameter.assign(weights(parameterName).values as Float32Array);
  }
  return model;
}

import type { VisionTransformerConfig } from './vision-transformer-config.js';

/** A vision transformer that runs anywhere in no time: not to classify with, but to check a device with. */
export const microConfig: VisionTransformerConfig = {
  imageSize: 32,
  patchSize: 8,
  channels: 3,
  width: 32,
  depth: 2,
  heads: 2,
  hidden: 128,
  classes: 5,
  layerNormEpsilon: 1e-6,
};

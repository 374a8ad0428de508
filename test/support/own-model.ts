import type * as v from '../../src/index.js';

/** Sizes that no table knows: neither heads nor pictures could be told from the tensors. */
export const ownConfig: v.VisionTransformerConfig = {
  imageSize: [24, 40],
  patchSize: 8,
  channels: 1,
  width: 24,
  depth: 2,
  heads: 3,
  hidden: 20,
  classes: 3,
  layerNormEpsilon: 1e-5,
};

/** What a file says of the model beside that. */
export const aboutOwn = {
  name: 'own',
  preprocessing: { fit: 'squash', size: [24, 40], mean: [0.25], std: [0.5], interpolation: 'bilinear' },
  labels: ['plum', 'pear', 'Käse, "alt"'],
} as const;

import type { TrainConfig } from '../../src/train/index.js';

/** A training of seconds. */
export const tinyTraining: TrainConfig = {
  name: 'tiny',
  model: { imageSize: 24, patchSize: 8, width: 16, depth: 2, heads: 2, hidden: 24 },
  data: { set: 'scenes', packages: '', vendors: ['google'], restyle: true, redraw: true },
  batch: 4,
  steps: 12,
  warmup: 2,
  ramp: 4,
  learningRate: 3e-3,
  finalLearningRate: 1e-4,
  weightDecay: 0.05,
  betas: [0.9, 0.95],
  epsilon: 1e-8,
  clip: 1,
  labelSmoothing: 0.1,
  patchLabels: 0.5,
  accumulate: 1,
  average: 0,
  layerDecay: 1,
  freeze: [],
  dropPath: 0.1,
  seed: 5,
  checkpointEvery: 5,
  validationImages: 8,
};

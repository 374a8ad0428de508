import { scenesPreprocessing } from '../../image/index.js';
import type { ModelEntry } from './model-entry.js';
import { sceneLabels } from './scene-labels.js';

/** The model that ships with the package: there without any download. */
export const demoModel: ModelEntry = {
  name: 'vit_scenes_patch8_72',
  config: {
    imageSize: 72,
    patchSize: 8,
    channels: 3,
    width: 128,
    depth: 6,
    heads: 4,
    hidden: 512,
    classes: sceneLabels.length,
    layerNormEpsilon: 1e-6,
  },
  output: 'classes',
  labels: sceneLabels,
  preprocessing: scenesPreprocessing(72),
  licence: 'apache-2.0',
};

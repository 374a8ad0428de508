import { sceneBatch, type SceneBatch, type Sprite } from '../../data/scenes/index.js';
import { heightAndWidth } from '../../image/preprocess.js';
import { sceneLabels } from '../../models/index.js';
import { firstValidationImage, type TrainConfig } from '../config.js';
import { scenePreprocessingOf } from '../preprocessing.js';
import type { ScenesData } from '../settings/data.js';
import type { Batch, TrainingData } from './training-set.js';

/** Scenes that become difficult in the course of a training, and as many of the full difficulty as it is measured on. */
export function scenesData(
  sprites: readonly (readonly Sprite[])[],
  config: TrainConfig,
  { restyle, redraw }: Pick<ScenesData, 'restyle' | 'redraw'>,
): TrainingData {
  const { seed, model, batch: images, ramp, validationImages, guide } = config;
  const guided = (batch: SceneBatch): Batch =>
    guide ? { ...batch, masks: shown(batch.patchLabels) } : batch;
  const preprocessing = scenePreprocessingOf(config);
  const [patchSize] = heightAndWidth(model.patchSize);
  const rampImages = images * Math.max(1, ramp);
  return {
    train: {
      labels: sceneLabels,
      size: Infinity,
      batch: (first, count) =>
        guided(
          sceneBatch(
            sprites,
            { seed, first, count, difficulty: Math.min(1, first / rampImages), restyle, redraw },
            preprocessing,
            patchSize,
          ),
        ),
    },
    test: {
      labels: sceneLabels,
      size: validationImages,
      batch: (first, count) =>
        sceneBatch(sprites, { seed, first: firstValidationImage + first, count }, preprocessing, patchSize),
    },
  };
}

/** Of patches that show classes or, last, nothing of these, the shares of all classes. [batch, patches] */
function shown(patchLabels: Float32Array): Float32Array {
  const labels = sceneLabels.length + 1;
  return Float32Array.from({ length: patchLabels.length / labels }, (_, patch) => {
    return 1 - patchLabels[(patch + 1) * labels - 1];
  });
}

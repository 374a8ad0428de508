import { scenesPreprocessing, type SquarePreprocessing } from '../image/index.js';
import type { TrainConfig } from './config.js';

/** How a picture becomes the input of a model that is trained: its middle square as a whole. */
export function preprocessingOf({ model }: Pick<TrainConfig, 'model'>): SquarePreprocessing {
  return scenesPreprocessing(model.imageSize);
}

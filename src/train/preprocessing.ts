import { scenesPreprocessing, type SquarePreprocessing } from '../image/index.js';
import type { TrainConfig } from './config.js';

/** How a picture becomes the input of a model that is trained: its middle square as a whole, if nothing else is set. */
export function preprocessingOf({
  model,
  preprocessing,
}: Pick<TrainConfig, 'model' | 'preprocessing'>): SquarePreprocessing {
  return preprocessing ?? scenesPreprocessing(model.imageSize);
}

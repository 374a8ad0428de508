import { scenesPreprocessing, type Preprocessing, type SquarePreprocessing } from '../image/index.js';
import { heightAndWidth } from '../image/preprocess.js';
import { preprocessingAt } from '../models/index.js';
import type { Recipe } from './config.js';

/** How a picture becomes the input of a model that is trained: its middle, as much as fits, if nothing else is set. */
export function preprocessingOf({
  model,
  preprocessing,
}: Pick<Recipe, 'model' | 'preprocessing'>): Preprocessing {
  if (preprocessing) return preprocessing;
  const half = Array<number>(model.channels ?? 3).fill(0.5);
  const [side] = heightAndWidth(model.imageSize);
  return { ...preprocessingAt(scenesPreprocessing(side), model.imageSize), mean: half, std: half };
}

/** Height and width of scenes that are drawn for a training, whose settings have been checked to ask for squares. */
export function sceneSide({ imageSize }: Recipe['model']): number {
  return heightAndWidth(imageSize)[0];
}

/** How such a scene becomes the input. */
export function scenePreprocessingOf(config: Pick<Recipe, 'model' | 'preprocessing'>): SquarePreprocessing {
  return { ...preprocessingOf(config), size: sceneSide(config.model) };
}

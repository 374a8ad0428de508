import { UsageError } from '../errors.js';
import { parseLabels } from './configuration/labels.js';
import { preprocessingAt } from './input-size.js';
import type { ModelEntry } from './registry/model-entry.js';
import type { Extent } from './vision-transformer-config.js';

/** A model as it was found, of which a person may want another size or other names. */
export interface AdaptableModel extends ModelEntry {
  /** Of the pictures that it was trained with, if that is not the size of its input. */
  readonly trainedSize?: Extent | undefined;
}

/** The same model for an input of another size; what it was trained at is kept in mind, for its positions to be resampled. */
export function atSize<Model extends AdaptableModel>(model: Model, imageSize: Extent): Model {
  return {
    ...model,
    trainedSize: model.trainedSize ?? model.config.imageSize,
    config: { ...model.config, imageSize },
    preprocessing: preprocessingAt(model.preprocessing, imageSize),
  };
}

/**
 * The same model with other names of its classes.
 * @param text of a file of names, as `parseLabels` reads them
 * @param source the file, for messages
 * @throws UsageError if it has no classes, or there is not one name for each
 */
export function withLabels<Model extends ModelEntry>(model: Model, text: string, source: string): Model {
  if (model.output !== 'classes') {
    throw new UsageError(`${source} names classes, and ${model.name} has none; leave it out.`);
  }
  return { ...model, labels: parseLabels(text.replace(/^\uFEFF/, ''), model.config.classes, source) };
}

import { stat } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { findModel, preprocessingAt, type Extent, type ModelEntry } from '../../models/index.js';
import { modelOfFile, modelOfFolder, type LocatedModel } from './located.js';

/** A model that was asked for: registered, or known by where it is. */
export type ResolvedModel = ModelEntry & Partial<Pick<LocatedModel, 'file' | 'trainedSize' | 'concluded'>>;

/**
 * @param name of a registered model, or the path of a folder or a checkpoint
 * @param imageSize of its input, if not its own
 * @throws UsageError if there is none, or it is not supported; WeightsError if a checkpoint cannot be read
 */
export async function resolveModel(name: string, imageSize?: Extent): Promise<ResolvedModel> {
  const model = isPath(name) ? await modelAt(name) : findModel(name);
  return imageSize === undefined ? model : atSize(model, imageSize);
}

/** Whether it is meant as a path: names of models have no slashes, and no ending of a checkpoint. */
export function isPath(name: string): boolean {
  return /[/\\]|^\.|\.(safetensors|pth?|bin|npz|ckpt|json)$/i.test(name);
}

async function modelAt(path: string): Promise<LocatedModel> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new UsageError(
      `There is no model at ${path}; give a folder with a config.json, a checkpoint, or a name that "vitrine models" lists.`,
    );
  }
  return found.isDirectory() ? modelOfFolder(path) : modelOfFile(path);
}

/** The same model for an input of another size; what it was trained at is kept in mind. */
function atSize(model: ResolvedModel, imageSize: Extent): ResolvedModel {
  return {
    ...model,
    trainedSize: model.trainedSize ?? model.config.imageSize,
    config: { ...model.config, imageSize },
    preprocessing: preprocessingAt(model.preprocessing, imageSize),
  };
}

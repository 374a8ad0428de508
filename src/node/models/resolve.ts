import { stat } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import {
  atSize,
  completed,
  describeOwn,
  outputCount,
  defaultModelName,
  findModel,
  isCheckpointName,
  isModelName,
  modelNames,
  ofArchitecture,
  withLabels,
  type Checkpoint,
  type Extent,
  type ModelEntry,
  type VisionTransformerConfig,
} from '../../models/index.js';
import { hubFolder } from './hub-folder.js';
import { isHubReference, parseHubReference } from './hub-reference.js';
import { readLabels } from './labels-file.js';
import { modelOfFile, modelOfFolder, type LocatedModel } from './located.js';
import { openWeights, type OpenedWeights } from './open-weights.js';

/** Which model is meant. */
export interface ModelRequest {
  /**
   * A registered model, the path of a folder or a checkpoint, or a repository of the hub: "hf:OWNER/NAME", or
   * "hf:OWNER/NAME@REVISION". Left out, it is the one that the checkpoint is of, else the default one.
   */
  readonly name?: string | undefined;
  /** A checkpoint to use instead of searching for one, or of a folder's own. */
  readonly weights?: string | undefined;
  /** Height and width of its input, if not its own; its positions are resampled. */
  readonly imageSize?: Extent | undefined;
  /** A file with the names of its classes, if not its own: text, one a line, or JSON. */
  readonly labels?: string | undefined;
}

/** A model that was asked for: registered, or known by where it is. */
export type ResolvedModel = ModelEntry &
  Partial<Pick<LocatedModel, 'file' | 'opened' | 'trainedSize' | 'concluded'>>;

/**
 * Finds a model without reading its numbers. What only the hub has is downloaded, if it is not a registered model.
 * @throws UsageError if there is none, it is not supported, or what was asked contradicts itself; WeightsError if a
 *   checkpoint cannot be read or had
 */
export async function resolveModel({
  name,
  weights,
  imageSize,
  labels,
}: ModelRequest): Promise<ResolvedModel> {
  const found = name === undefined ? await unnamed(weights) : await named(name, weights);
  const sized = imageSize === undefined ? found : atSize(found, imageSize);
  return labels === undefined ? sized : withLabels(sized, await readLabels(labels), `"${labels}"`);
}

/** Whether it tells where a model is, rather than what it is called. */
export function isPlace(name: string): boolean {
  return isHubReference(name) || isPath(name);
}

/** Whether it is meant as a path: names of models have no slashes, and no ending of a checkpoint. */
export function isPath(name: string): boolean {
  return !isHubReference(name) && (/[/\\]|^\.|\.json$/i.test(name) || isCheckpointName(name));
}

async function named(name: string, weights: string | undefined): Promise<ResolvedModel> {
  if (isHubReference(name)) {
    const place = parseHubReference(name);
    const folder = await hubFolder(place, { withWeights: weights === undefined });
    return withFile(await modelOfFolder(folder, name, weights), weights);
  }
  return isPath(name) ? modelAt(name, weights) : withFile(registered(name, weights), weights);
}

/** Of an architecture whose own weights nobody can have, a person may still have some. */
function registered(name: string, weights: string | undefined): ModelEntry {
  const isPublished = modelNames().includes(name);
  return weights === undefined || isPublished || !isModelName(name) || name.includes('.')
    ? findModel(name)
    : ofArchitecture(name);
}

async function modelAt(path: string, weights: string | undefined): Promise<ResolvedModel> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new UsageError(
      `There is no model at ${path}; give a folder with a config.json, a checkpoint, hf:OWNER/NAME, or a name that "vitrine models" lists.`,
    );
  }
  if (found.isDirectory()) return withFile(await modelOfFolder(path, undefined, weights), weights);
  if (weights === undefined) return modelOfFile(path);
  throw new UsageError(
    `--model ${path} is a checkpoint, and --weights ${weights} is another; give one of them, or the model's name or folder.`,
  );
}

/** The default model, unless the checkpoint is of another one. */
async function unnamed(weights: string | undefined): Promise<ResolvedModel> {
  const usual = findModel(defaultModelName);
  if (weights === undefined) return usual;
  const opened = await openWeights(weights);
  const { checkpoint } = opened;
  const saysItself = describeOwn(checkpoint.metadata, weights) !== undefined;
  return !saysItself && isOf(usual, checkpoint) ? withOpened(usual, opened) : modelOfFile(weights, opened);
}

/**
 * By what is the same however many classes and pixels there are. A file of something else is taken for the model's: what it
 * lacks is said best in the model's words.
 */
function isOf({ config }: ModelEntry, { tensors }: Checkpoint): boolean {
  const { width, depth, channels, patchSize } = completed(config);
  const patches = tensors.get('patch_embed.proj.weight');
  if (!patches) return true;
  const isSame = patches.shape.join() === [width, channels, ...patchSize].join();
  return (
    isSame && tensors.has(`blocks.${depth - 1}.norm1.weight`) && !tensors.has(`blocks.${depth}.norm1.weight`)
  );
}

/** @param weights a checkpoint in the place of its own */
async function withFile(model: ResolvedModel, weights: string | undefined): Promise<ResolvedModel> {
  return weights === undefined ? model : withOpened(model, await openWeights(weights));
}

function withOpened(model: ResolvedModel, opened: OpenedWeights): ResolvedModel {
  return withHeadOf({ ...model, file: opened.path, opened }, opened.checkpoint);
}

/** The same model with as many classes as the checkpoint's classifier has: people train theirs anew for their own. */
function withHeadOf(model: ResolvedModel, { tensors }: Checkpoint): ResolvedModel {
  if (!tensors.has('patch_embed.proj.weight')) return model;
  const [classes, features] = tensors.get('head.weight')?.shape ?? [0, featureCount(model.config)];
  // What fits no classifier of this model is no other number of classes.
  if (classes === model.config.classes || features !== featureCount(model.config)) return model;
  const { concluded = [] } = model;
  return {
    ...model,
    labels: undefined,
    config: { ...model.config, classes },
    output: classes === 0 ? 'features' : 'classes',
    concluded: [
      ...concluded,
      classes === 0
        ? 'no classifier, as its checkpoint has none'
        : `${classes} classes, as its checkpoint has`,
    ],
  };
}

/** What a classifier is given. */
function featureCount(config: VisionTransformerConfig): number {
  return outputCount({ ...config, classes: 0 });
}

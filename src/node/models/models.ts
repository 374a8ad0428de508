import type { Preprocessing } from '../../image/index.js';
import { aText, expectNoOther, expectParts, optional } from '../../given.js';
import {
  atGridOf,
  completed,
  defaultModelName,
  demoModel,
  labelsOf,
  loadCheckpoint,
  VisionTransformer,
  type Extent,
  type ModelEntry,
  type OutputKind,
} from '../../models/index.js';
import { packageFile } from '../package-files.js';
import { openWeights, type OpenedWeights } from './open-weights.js';
import { resolveModel, type ResolvedModel } from './resolve.js';
import { findWeights, findWeightsHere, MissingWeightsError } from './weights.js';

export interface ModelRequest {
  /**
   * A registered model, or the path of a folder or a checkpoint. Left out, it is the default one; or, if neither a file is given nor one can be had, the
   * model that ships with the package.
   */
  readonly name?: string | undefined;
  /** A checkpoint to use instead of searching for one. */
  readonly weights?: string | undefined;
  /** Height and width of its input, if not its own; its positions are resampled. */
  readonly imageSize?: Extent | undefined;
}

export interface LoadedModel {
  readonly name: string;
  readonly model: VisionTransformer;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
  readonly output: OutputKind;
  readonly preprocessing: Preprocessing;
  /** The checkpoint it was loaded from. */
  readonly weights: CheckpointFile;
  /** What was concluded about a model that says little of itself: phrases for people. */
  readonly concluded: readonly string[];
  /** Present if this is the demo model because the default one could not be had. */
  readonly fallback?: Fallback;
}

/** In the middle of a sentence, both. */
export interface Fallback {
  /** Why it is not the default model. */
  readonly why: string;
  /** How to get that one. */
  readonly remedy: string;
}

export interface CheckpointFile {
  readonly path: string;
  /** Of the whole file, in hexadecimal; the file is read for it when it is first asked for. */
  readonly sha256: () => Promise<string>;
}

/** A model whose parameters get their numbers when `weights` is fulfilled. */
export interface OpenedModel extends Omit<LoadedModel, 'weights'> {
  readonly weights: Promise<CheckpointFile>;
}

/** Where the package keeps checkpoints, and where a person may put one. */
const weightsFolder = packageFile('weights');

/**
 * Builds a registered model with its weights: the given file, `weights/<name>.safetensors` of this package, the
 * Hugging Face cache, or a download, whichever comes first.
 * @throws UsageError for a name that is not registered
 * @throws WeightsError if no checkpoint can be had, or it is damaged or another model's
 */
export async function loadModel(request: ModelRequest): Promise<LoadedModel> {
  const opened = await openModel(request);
  return { ...opened, weights: await opened.weights };
}

/**
 * The same, but returns as soon as the checkpoint is known: graphs can be built and planned while its numbers are read.
 * @throws UsageError, WeightsError as `loadModel`; if a number cannot be read or used, `weights` is rejected
 */
export async function openModel(request: ModelRequest): Promise<OpenedModel> {
  expectParts('The model', request, { name: optional(aText), weights: optional(aText) });
  expectNoOther('The model', request, ['name', 'weights', 'imageSize']);
  const { name, weights, imageSize } = request;
  const entry = await resolveModel(name ?? defaultModelName, imageSize);
  if (name !== undefined || weights !== undefined || imageSize !== undefined)
    return openResolved(entry, weights);
  try {
    return await open(entry, await find(entry));
  } catch (error) {
    if (!(error instanceof MissingWeightsError)) throw error;
    const fallback = {
      why: `there are no weights for ${entry.name} here and ${error.why}`,
      remedy: error.remedy,
    };
    return { ...(await open(demoModel, await find(demoModel))), fallback };
  }
}

/** Where the weights of a registered model lie already; undefined if they would have to be downloaded. */
export async function weightsOnDisk({ name, hub }: ModelEntry): Promise<string | undefined> {
  return (await findWeightsHere({ model: name, hub, weightsFolder }))?.path;
}

/**
 * The same for a model that was found already.
 * @param weights a checkpoint to use instead of its own
 */
export async function openResolved(entry: ResolvedModel, weights?: string): Promise<OpenedModel> {
  return open(entry, await find(entry, weights ?? entry.file));
}

async function find({ name, hub }: ModelEntry, explicit?: string): Promise<string> {
  return (await findWeights({ model: name, hub, weightsFolder, explicit })).path;
}

async function open(entry: ResolvedModel, file: string): Promise<OpenedModel> {
  const { name, config, output, preprocessing, concluded = [] } = entry;
  const opened = await openWeights(file);
  const model = new VisionTransformer(config);
  const trained = trainedGrid(entry);
  const weights = load(model, opened, trained);
  // If it fails, whoever awaits it hears of it.
  weights.catch(() => undefined);
  return { name, model, labels: labelsOf(entry), output, preprocessing, weights, concluded };
}

async function load(
  model: VisionTransformer,
  { path, sha256, checkpoint }: OpenedWeights,
  trained: readonly [number, number] | undefined,
): Promise<CheckpointFile> {
  await loadCheckpoint(model, atGridOf(model, checkpoint, trained));
  return { path, sha256 };
}

/** The grid of patches that it was trained with, if its size is known to be another than its input's. */
function trainedGrid({ config, trainedSize }: ResolvedModel): readonly [number, number] | undefined {
  if (trainedSize === undefined) return undefined;
  const { imageSize, patchSize } = completed({ ...config, imageSize: trainedSize });
  return [imageSize[0] / patchSize[0], imageSize[1] / patchSize[1]];
}

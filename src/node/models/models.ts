import { loadCheckpoint } from '../../models/checkpoint/load.js';
import type { Preprocessing } from '../../image/index.js';
import { demoModel, findModel, modelNames, type ModelEntry } from '../../models/registry/registry.js';
import { VisionTransformer } from '../../models/vision-transformer.js';
import { aText, expectNoOther, expectParts, optional } from '../../given.js';
import { packageFile } from '../package-files.js';
import { findWeights, MissingWeightsError, readWeights } from './weights.js';

export interface ModelRequest {
  /**
   * A registered model. Left out, it is the registry's first; or, if neither a file is given nor one can be had, the
   * model that ships with the package.
   */
  readonly name?: string | undefined;
  /** A checkpoint to use instead of searching for one. */
  readonly weights?: string | undefined;
}

export interface LoadedModel {
  readonly name: string;
  readonly model: VisionTransformer;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
  /** The checkpoint it was loaded from. */
  readonly weights: CheckpointFile;
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
  /** Of the whole file, in hexadecimal; computed when it is first asked for. */
  readonly sha256: () => string;
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
 * The same, but returns as soon as the weights are found: graphs can be built and planned while they are read.
 * @throws UsageError, WeightsError as `loadModel`; if the file found cannot be used, `weights` is rejected
 */
export async function openModel(request: ModelRequest): Promise<OpenedModel> {
  expectParts('The model', request, { name: optional(aText), weights: optional(aText) });
  expectNoOther('The model', request, ['name', 'weights']);
  const { name, weights: explicit } = request;
  if (name !== undefined || explicit !== undefined) {
    const entry = findModel(name ?? modelNames[0]);
    return open(entry, await find(entry, explicit));
  }
  const entry = findModel(modelNames[0]);
  try {
    return open(entry, await find(entry));
  } catch (error) {
    if (!(error instanceof MissingWeightsError)) throw error;
    const fallback = {
      why: `there are no weights for ${entry.name} here and ${error.why}`,
      remedy: error.remedy,
    };
    return { ...open(demoModel, await find(demoModel)), fallback };
  }
}

async function find({ name, hub }: ModelEntry, explicit?: string): Promise<string> {
  return (await findWeights({ model: name, hub, weightsFolder, explicit })).path;
}

function open({ name, config, labels, preprocessing }: ModelEntry, file: string): OpenedModel {
  const reading = readWeights(file);
  const model = new VisionTransformer(config);
  const weights = reading.then(({ checkpoint, sha256, path }): CheckpointFile => {
    loadCheckpoint(model, checkpoint, path);
    return { path, sha256 };
  });
  // If they fail, whoever awaits them hears of it.
  weights.catch(() => undefined);
  return { name, model, labels, preprocessing, weights };
}

import type { Preprocessing } from '../../image/index.js';
import { aText, expectNoOther, expectParts, optional } from '../../given.js';
import {
  atGridOf,
  demoModel,
  labelsOf,
  loadCheckpoint,
  readTensors,
  VisionTransformer,
  type ModelEntry,
  type OutputKind,
  type ReadTensor,
} from '../../models/index.js';
import { packageFile } from '../package-files.js';
import { openWeights, type OpenedWeights } from './open-weights.js';
import { resolveModel, type ModelRequest, type ResolvedModel } from './resolve.js';
import { findWeights, findWeightsHere, MissingWeightsError, type FoundWeights } from './weights.js';

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
  /** What it says of itself beside its numbers, as a safetensors file may; mostly empty. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A model that can be compiled when `weights` is fulfilled: its parameters then have their numbers, or, those of a large
 * checkpoint, what reads them while they are taken over by a backend.
 */
export interface OpenedModel extends Omit<LoadedModel, 'weights'> {
  readonly weights: Promise<CheckpointFile>;
}

/** Where the package keeps checkpoints, and where a person may put one. */
const weightsFolder = packageFile('weights');

/**
 * Builds a model with its weights. Those of a registered model are the given file, `weights/<name>.safetensors` of this
 * package, the Hugging Face cache, or a download, whichever comes first; if nothing in particular was asked for and none
 * can be had, it is the model that ships with the package.
 * @throws UsageError for a model that is not known or not supported
 * @throws WeightsError if no checkpoint can be had, or it is damaged or another model's; a number of a large one that cannot be
 *   read or used is told of when it is, by `compile`
 */
export async function loadModel(request: ModelRequest): Promise<LoadedModel> {
  const opened = await openModel(request);
  return { ...opened, weights: await opened.weights };
}

/**
 * The same, but returns as soon as the checkpoint is known: graphs can be built and planned while the numbers of a small one are
 * read.
 * @throws UsageError, WeightsError as `loadModel`; if a number cannot be read or used, `weights` is rejected
 */
export async function openModel(request: ModelRequest): Promise<OpenedModel> {
  expectParts('The model', request, {
    name: optional(aText),
    weights: optional(aText),
    labels: optional(aText),
  });
  expectNoOther('The model', request, ['name', 'weights', 'imageSize', 'labels']);
  const entry = await resolveModel(request);
  if (asksForOne(request)) return openResolved(entry);
  try {
    return await openResolved(entry);
  } catch (error) {
    if (!(error instanceof MissingWeightsError)) throw error;
    const fallback = {
      why: `there are no weights for ${entry.name} here and ${error.why}`,
      remedy: error.remedy,
    };
    return { ...(await openResolved(demoModel)), fallback };
  }
}

/** Whether another model than the default one in its own way would not do. */
export function asksForOne(request: ModelRequest): boolean {
  return Object.values(request).some((value) => value !== undefined);
}

/** Where the weights of a registered model lie already; undefined if they would have to be downloaded. */
export async function weightsOnDisk({ name, hub }: ModelEntry): Promise<string | undefined> {
  return (await findWeightsHere({ model: name, hub, weightsFolder }))?.path;
}

/** Opens a model that was found already, as `openModel`. */
export async function openResolved(entry: ResolvedModel): Promise<OpenedModel> {
  const { name, config, output, preprocessing, concluded = [] } = entry;
  const opened = entry.opened ?? (await openWeights((await findEntry(entry)).path));
  const model = new VisionTransformer(config);
  const weights = load(model, opened, entry.trainedSize);
  // If it fails, whoever awaits it hears of it.
  weights.catch(() => undefined);
  return { name, model, labels: labelsOf(entry), output, preprocessing, weights, concluded };
}

/**
 * Reads the numbers of a model that was found already, to begin a training of another with.
 * @param model whose positions they are to be, of the same size as the entry's
 * @throws WeightsError if a number cannot be read
 */
export async function readPretrained(
  entry: ResolvedModel,
  model: VisionTransformer,
): Promise<{ readonly tensors: ReadonlyMap<string, ReadTensor>; readonly source: string }> {
  const { path, checkpoint } = entry.opened ?? (await openWeights((await findEntry(entry)).path));
  return { tensors: await readTensors(atGridOf(model, checkpoint, entry.trainedSize)), source: path };
}

function findEntry({ name, hub, file }: ResolvedModel): Promise<FoundWeights> {
  return findWeights({ model: name, hub, weightsFolder, explicit: file });
}

async function load(
  model: VisionTransformer,
  { path, sha256, checkpoint }: OpenedWeights,
  trainedSize: ResolvedModel['trainedSize'],
): Promise<CheckpointFile> {
  await loadCheckpoint(model, atGridOf(model, checkpoint, trainedSize));
  return { path, sha256, metadata: checkpoint.metadata };
}

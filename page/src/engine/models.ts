import {
  atGridOf,
  atSize,
  labelsOf,
  loadCheckpoint,
  parseImageSize,
  VisionTransformer,
  withLabels,
  type OutputKind,
  type Preprocessing,
  type TensorFile,
  type UnlistedModel,
} from 'vitrine';
import type { Adaptation, ModelPlace, Progress } from '../protocol.js';
import { elsewhere } from './later.js';
import { shippedModel } from './shipped.js';

/** A model that was found, its numbers not read yet. */
export interface FoundModel {
  readonly entry: UnlistedModel;
  readonly checkpoint: Pick<TensorFile, 'source' | 'tensors'>;
  /** Where the checkpoint is from: an address, or a file's name. */
  readonly address: string;
  /** In hexadecimal, worked out when it is asked for; empty where the browser works out none. */
  readonly sha256: () => Promise<string>;
}

/** A model with its numbers. */
export interface LoadedModel {
  readonly name: string;
  readonly model: VisionTransformer;
  readonly labels: readonly string[];
  readonly output: OutputKind;
  readonly preprocessing: Preprocessing;
  readonly licence: string;
  readonly weights: string;
  readonly sha256: () => Promise<string>;
  readonly concluded: readonly string[];
}

/** Who wants a model: from which page, told how far it is, and until when. */
export interface Wish {
  /** The page's address. */
  readonly base: string;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

type Finder<Place> = (place: Place, wish: Wish) => Promise<FoundModel>;

const finders: { readonly [From in ModelPlace['from']]: Finder<Extract<ModelPlace, { from: From }>> } = {
  page: ({ content }, wish) => shippedModel(content, wish),
  hub: async ({ name }, wish) => (await elsewhere()).modelOfHub(name, wish),
  files: async ({ files }) => (await elsewhere()).modelOfFiles(files),
};

/** @throws WeightsError, UsageError that say why there is none */
export function findModel(place: ModelPlace, wish: Wish): Promise<FoundModel> {
  return (finders[place.from] as Finder<ModelPlace>)(place, wish);
}

/**
 * Reads the numbers of a model that was found, as a person wants it.
 * @throws UsageError if it cannot be wanted so; WeightsError if a number cannot be used
 */
export async function loadModel(
  { entry: own, checkpoint, address, sha256 }: FoundModel,
  { imageSize, labels }: Adaptation,
): Promise<LoadedModel> {
  const sized = imageSize === undefined ? own : atSize(own, parseImageSize(imageSize, 'The image size'));
  const entry = labels ? withLabels(sized, await labels.text(), `"${labels.name}"`) : sized;
  const model = new VisionTransformer(entry.config);
  await loadCheckpoint(model, atGridOf(model, checkpoint, entry.trainedSize));
  const { name, output, preprocessing, licence, concluded } = entry;
  const told = { name, output, preprocessing, licence, concluded };
  return { ...told, model, labels: labelsOf(entry), weights: address, sha256 };
}

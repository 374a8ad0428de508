import { UsageError } from '../../errors.js';
import { aText, expectGiven } from '../../given.js';
import { timmPreprocessing } from '../configuration/timm-preprocessing.js';
import { architectureConfig, isArchitecture } from './architectures.js';
import { checkpointsOf, publishedArchitectures, type PublishedCheckpoint } from './checkpoints.js';
import { demoModel } from './demo-model.js';
import { imagenetLabels } from './imagenet-labels.js';
import { unknownLicence } from './licences.js';
import type { ModelEntry } from './model-entry.js';
import { orList, refusal } from './refusal.js';
import { once } from './table.js';

/** The model that is meant where none is named. */
export const defaultModelName = 'deit_tiny_patch16_224';

const names = once(() => [
  demoModel.name,
  ...publishedArchitectures().flatMap((architecture) => checkpointsOf(architecture).map(nameOf)),
]);

/** Names of all models that can be had, by architecture; the default checkpoint of each comes first. */
export function modelNames(): readonly string[] {
  return names();
}

/** Whether a model may be called so: by its architecture, with or without a tag. */
export function isModelName(name: string): boolean {
  return name === demoModel.name || isArchitecture(partsOf(name).architecture);
}

/**
 * An architecture of timm's with weights that are not published, for pictures made ready as for ImageNet.
 * @throws UsageError if there is none of that name
 */
export function ofArchitecture(name: string): ModelEntry {
  if (!isArchitecture(name)) throw refusal('model', name, modelNames());
  const config = architectureConfig(name, imagenetLabels.length);
  return {
    name,
    config,
    output: 'classes',
    labels: imagenetLabels,
    preprocessing: timmPreprocessing({ size: config.imageSize }),
    licence: unknownLicence,
  };
}

/**
 * The model of a name: an architecture of timm's, for its default checkpoint, or one with a tag behind a dot.
 * @throws UsageError that says why there is none, and what is near
 */
export function findModel(name: string): ModelEntry {
  if (name === demoModel.name) return demoModel;
  expectGiven('findModel: the name', name, aText);
  const { architecture, tag } = partsOf(name);
  const published = checkpointsOf(architecture);
  const found = published.find((checkpoint) =>
    tag === undefined ? checkpoint.isDefault : checkpoint.tag === tag,
  );
  if (found) return entryOf(found);
  throw published.length > 0 || isArchitecture(architecture)
    ? withoutCheckpoint(name, architecture, published)
    : refusal('model', name, modelNames());
}

/** With the tag, also where it is the default one. */
export function fullName({ name, tag }: ModelEntry): string {
  const { architecture } = partsOf(name);
  return tag === undefined ? architecture : `${architecture}.${tag}`;
}

/** `vit_base_patch16_224.dino` is the architecture before the dot and the tag behind it. */
function partsOf(name: string): { readonly architecture: string; readonly tag: string | undefined } {
  const dot = name.indexOf('.');
  return dot < 0
    ? { architecture: name, tag: undefined }
    : { architecture: name.slice(0, dot), tag: name.slice(dot + 1) };
}

function nameOf({ architecture, tag, isDefault }: PublishedCheckpoint): string {
  return isDefault ? architecture : `${architecture}.${tag}`;
}

function entryOf(checkpoint: PublishedCheckpoint): ModelEntry {
  const { architecture, tag, classes, embeds, preprocessing, repo, licence } = checkpoint;
  return {
    name: nameOf(checkpoint),
    tag,
    config: architectureConfig(architecture, classes),
    output: embeds ? 'embedding' : classes > 0 ? 'classes' : 'features',
    ...(classes === imagenetLabels.length ? { labels: imagenetLabels } : {}),
    preprocessing,
    hub: { repo, file: 'model.safetensors' },
    licence,
  };
}

/** The architecture is known, but not with these weights. */
function withoutCheckpoint(
  name: string,
  architecture: string,
  published: readonly PublishedCheckpoint[],
): UsageError {
  if (published.length === 0) {
    return new UsageError(
      `Of the architecture ${architecture} no weights are published on the Hugging Face hub that timm knows of; ` +
        'choose another model: "vitrine models" lists them.',
    );
  }
  const tags = published.map(({ tag }) => tag);
  return new UsageError(`There is no model "${name}"; ${architecture} was published as ${orList(tags)}.`);
}

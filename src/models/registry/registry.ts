import { UsageError } from '../../errors.js';
import { described } from '../../given.js';
import { imagenetPreprocessing, scenesPreprocessing, type Preprocessing } from '../../image/index.js';
import { imagenetLabels } from './imagenet-labels.js';
import { sceneLabels } from './scene-labels.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';

/** A model that can be asked for by name. */
export interface ModelEntry {
  /** timm's name. */
  readonly name: string;
  readonly config: VisionTransformerConfig;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
  /** How a picture becomes its input. */
  readonly preprocessing: Preprocessing;
  /** Where the checkpoint is published on the Hugging Face hub; a model without this ships with the package. */
  readonly hub?: { readonly repo: string; readonly file: string };
}

const entries: readonly ModelEntry[] = [
  {
    name: 'deit_tiny_patch16_224',
    config: {
      imageSize: 224,
      patchSize: 16,
      channels: 3,
      width: 192,
      depth: 12,
      heads: 3,
      hidden: 768,
      classes: 1000,
      layerNormEpsilon: 1e-6,
    },
    labels: imagenetLabels,
    preprocessing: imagenetPreprocessing,
    hub: { repo: 'timm/deit_tiny_patch16_224.fb_in1k', file: 'model.safetensors' },
  },
  {
    name: 'vit_scenes_patch8_72',
    config: {
      imageSize: 72,
      patchSize: 8,
      channels: 3,
      width: 128,
      depth: 6,
      heads: 4,
      hidden: 512,
      classes: sceneLabels.length,
      layerNormEpsilon: 1e-6,
    },
    labels: sceneLabels,
    preprocessing: scenesPreprocessing(72),
  },
];

/** Names of all registered models; the first is the default. */
export const modelNames: readonly string[] = entries.map(({ name }) => name);

/** The model that ships with the package: there without any download. */
export const demoModel: ModelEntry = entries[1];

/** @throws UsageError that lists the names there are */
export function findModel(name: string): ModelEntry {
  const entry = entries.find((other) => other.name === name);
  if (!entry)
    throw new UsageError(`There is no model ${described(name)}; choose one of: ${modelNames.join(', ')}.`);
  return entry;
}

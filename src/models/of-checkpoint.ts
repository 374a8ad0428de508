import { timmPreprocessing } from './configuration/timm-preprocessing.js';
import { recognise } from './configuration/from-tensors.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import { architectureArguments, architectureNames } from './registry/architectures.js';
import { imagenetLabels } from './registry/imagenet-labels.js';
import { unknownLicence } from './registry/licences.js';
import type { ModelEntry } from './registry/model-entry.js';

/** A model that nothing tells of but its numbers. */
export interface ConcludedModel extends ModelEntry {
  /** What was concluded about it: phrases for people. */
  readonly concluded: readonly string[];
}

/**
 * The model that a checkpoint alone is of.
 * @param name what it is called
 * @param file where the checkpoint is, for messages
 * @throws UsageError if it is not recognised
 */
export function modelOfCheckpoint(
  { tensors, dialect }: Pick<Checkpoint, 'tensors' | 'dialect'>,
  name: string,
  file: string,
): ConcludedModel {
  const { config, assumed } = recognise(tensors, file, {
    headsOf: commonHeads,
    activation: dialect?.includes('CLIP') ? 'quick-gelu' : 'gelu',
  });
  const labels = config.classes === imagenetLabels.length ? imagenetLabels : undefined;
  const preprocessing = timmPreprocessing({
    size: config.imageSize,
    ...(config.channels === 1 ? { mean: [0.5], std: [0.5] } : {}),
  });
  return {
    name,
    config,
    preprocessing,
    ...(labels ? { labels } : {}),
    output: config.classes > 0 ? 'classes' : 'features',
    licence: unknownLicence,
    concluded: [
      ...(dialect === undefined ? [] : [`names of ${dialect}`]),
      ...assumed,
      ...(labels ? ["ImageNet's classes, as there are 1000"] : []),
      'pictures made ready as for ImageNet',
    ],
  };
}

/** As many as all of timm's models of that width and depth have. */
function commonHeads(width: number, depth: number): number | undefined {
  const found = new Set(
    architectureNames()
      .map(architectureArguments)
      .filter((args) => args.embed_dim === width && (args.depth ?? 12) === depth)
      .map((args) => args.num_heads ?? 12),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

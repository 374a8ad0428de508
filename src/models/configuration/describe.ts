import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import { imagenetLabels } from '../registry/imagenet-labels.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';
import type { ModelDescription } from './description.js';
import { preprocessingOf } from './preprocessor.js';
import { describeTimm } from './timm.js';
import type { TimmArguments } from './timm-arguments.js';
import { configOfTransformers, transformersTypes } from './transformers.js';
import type { Preprocessing } from '../../image/index.js';

/** The files of a folder that say what its model is, parsed. */
export interface ConfigurationFiles {
  /** `config.json` */
  readonly config: unknown;
  /** `preprocessor_config.json`, if there is one. */
  readonly preprocessor?: unknown;
  /** Where they are, for messages. */
  readonly source: string;
}

/**
 * The model that a folder of the hub describes, be it written by timm or by transformers.
 * @param argumentsOf what the name of one of timm's architectures stands for; throws if it is not known
 * @throws UsageError for a model that is not supported, with the reason and what is
 */
export function describeModel(
  { config, preprocessor, source }: ConfigurationFiles,
  argumentsOf: (architecture: string) => TimmArguments,
): ModelDescription {
  const inFile = `config.json in ${source}`;
  if (is.safeParse(is.object({ architecture: is.string() }), config).success) {
    return named(describeTimm(config, inFile, argumentsOf));
  }
  const transformers = is.safeParse(is.object({ model_type: is.string() }), config);
  if (!transformers.success) {
    throw new UsageError(
      `${inFile} tells neither an architecture of timm nor a model_type of transformers (${transformersTypes.join(', ')}).`,
    );
  }
  // The whole of it: parsing left out what was not asked for.
  const found = configOfTransformers(config as { model_type: string }, inFile);
  const preprocessing =
    preprocessor === undefined
      ? usual(found.config)
      : preprocessingOf(preprocessor, `preprocessor_config.json in ${source}`);
  // What a model is given decides its size; positions follow.
  const { config: trained, ...rest } = found;
  return named({
    ...rest,
    config: { ...trained, imageSize: preprocessing.size },
    trainedSize: trained.imageSize,
    preprocessing,
  });
}

/** A thousand classes that nobody named are those of ImageNet. */
function named(description: ModelDescription): ModelDescription {
  const { config, labels } = description;
  return labels === undefined && description.output === 'classes' && config.classes === imagenetLabels.length
    ? { ...description, labels: imagenetLabels }
    : description;
}

/** What transformers does where a folder says nothing. */
function usual({ imageSize }: VisionTransformerConfig): Preprocessing {
  const half = [0.5, 0.5, 0.5];
  return { fit: 'squash', size: imageSize, mean: half, std: half, interpolation: 'bilinear' };
}

import * as is from 'valibot';
import { simplified } from '../../image/preprocess.js';
import { checked, count, size } from './checked.js';
import type { ModelDescription } from './description.js';
import { names, namesByIndex } from './labels.js';
import { configOfTimm, type TimmArguments } from './timm-arguments.js';
import { timmPreprocessing } from './timm-preprocessing.js';

/*
 * `config.json` as timm writes it into a repository of the hub. In the old form everything is at the top; where something
 * stands in both places, the top counts.
 */

const pictures = {
  input_size: is.optional(is.tuple([size, size, size])),
  interpolation: is.optional(is.picklist(['bicubic', 'bilinear'])),
  crop_pct: is.optional(is.pipe(is.number(), is.gtValue(0), is.maxValue(1))),
  crop_mode: is.optional(is.picklist(['center', 'squash'])),
  mean: is.optional(is.array(is.number())),
  std: is.optional(is.array(is.number())),
  num_classes: is.optional(count),
};

const schema = is.object({
  ...pictures,
  architecture: is.string(),
  global_pool: is.optional(is.string()),
  label_names: is.optional(names),
  labels: is.optional(names),
  label_descriptions: is.optional(is.record(is.string(), is.string())),
  model_args: is.optional(is.record(is.string(), is.unknown()), {}),
  pretrained_cfg: is.optional(is.object({ ...pictures, label_names: is.optional(names) }), {}),
});

/** What was trained on pictures and their texts gives a place among both, unless it was taught classes after that. */
const embeds = /clip|siglip/;

/**
 * The model that a `config.json` of timm describes.
 * @param argumentsOf what an architecture's name stands for
 * @throws UsageError for an architecture that is not known, or an entry that is not supported
 */
export function describeTimm(
  given: unknown,
  source: string,
  argumentsOf: (architecture: string) => TimmArguments,
): ModelDescription {
  const found = checked(schema, given, source);
  const { pretrained_cfg: inner, model_args: changes } = found;
  const input = found.input_size ?? inner.input_size;
  const classes = found.num_classes ?? inner.num_classes;
  const config = configOfTimm(
    {
      ...argumentsOf(found.architecture),
      ...(input === undefined ? {} : { in_chans: input[0], img_size: input.slice(1) }),
      ...(classes === undefined ? {} : { num_classes: classes }),
      ...(found.global_pool === undefined ? {} : { global_pool: found.global_pool }),
      ...changes,
    },
    source,
  );
  const labels = namesByIndex(found.label_names ?? found.labels ?? inner.label_names, config.classes);
  const isEmbedding = labels === undefined && embeds.test(found.architecture) && config.classes !== 1000;
  return {
    config,
    trainedSize: config.imageSize,
    output: config.classes === 0 ? 'features' : isEmbedding ? 'embedding' : 'classes',
    preprocessing: timmPreprocessing({
      ...inner,
      ...Object.fromEntries(
        Object.entries(found).filter(([name, value]) => name in pictures && value !== undefined),
      ),
      size: typeof config.imageSize === 'number' ? config.imageSize : simplified(config.imageSize),
    }),
    labels: labels?.map((name) => found.label_descriptions?.[name] ?? name),
  };
}

import { completed, findModel, modelNames, UsageError, type CompleteConfig, type ModelEntry } from 'vitrine';

/** Sizes of the peers' model, as `Sizes` in peers/vit.py has them. */
export interface PlainSizes {
  /** Height and width of the input and of a patch, pixels. */
  readonly image: number;
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Numbers behind the activation of each block's MLP. */
  readonly hidden: number;
  readonly classes: number;
  /** Of every layer norm. */
  readonly epsilon: number;
}

/** All that the peers have to know of a model. */
export interface PlainModel {
  readonly sizes: PlainSizes;
  /** How a picture becomes its input: its short side is scaled to so many pixels, and the middle cut out. */
  readonly pictures: Readonly<{ shortSide: number; mean: readonly number[]; std: readonly number[] }>;
}

/** What peers/vit.py is; ViT and DeiT are that. */
const plain = {
  channels: 3,
  classToken: true,
  distillationToken: false,
  registers: 0,
  prefixPositions: true,
  norm: 'layer',
  patchBias: true,
  patchNorm: false,
  preNorm: false,
  qkvBias: 'all',
  blockBias: true,
  queryKeyNorm: false,
  scaleNorm: false,
  layerScale: false,
  mlp: 'gelu',
  pooling: 'token',
  finalNorm: 'before-pooling',
} as const satisfies Partial<CompleteConfig>;

/**
 * @throws UsageError that says in what the model is more than a plain one, and which models can be compared
 */
export function plainModel(entry: ModelEntry): PlainModel {
  const { imageSize, patchSize, layerNormEpsilon, ...config } = completed(entry.config);
  const { preprocessing } = entry;
  const differences = differencesOf(entry);
  if (differences.length > 0 || preprocessing.fit !== 'crop') {
    throw new UsageError(
      `--peers cannot compare ${entry.name}, because the peers' model is a plain ViT and this one has ` +
        `${differences.join(', ')}; these can be compared: ${comparableModels().join(', ')}.`,
    );
  }
  const { shortSide, mean, std } = preprocessing;
  const { width, depth, heads, hidden, classes } = config;
  const [[image], [patch]] = [imageSize, patchSize];
  const sizes = { image, patch, width, depth, heads, hidden, classes, epsilon: layerNormEpsilon };
  return { sizes, pictures: { shortSide, mean, std } };
}

/** Such as `registers: 4`; none of a plain model. */
function differencesOf({ config: given, preprocessing }: ModelEntry): string[] {
  const config = completed(given);
  const choices = (Object.keys(plain) as (keyof typeof plain)[]).flatMap((key) =>
    config[key] === plain[key] ? [] : [`${key}: ${String(config[key])}`],
  );
  const sides = (['imageSize', 'patchSize'] as const).flatMap((key) =>
    config[key][0] === config[key][1] ? [] : [`${key}: ${config[key].join(' x ')}`],
  );
  const { fit, interpolation = 'bicubic' } = preprocessing;
  return [
    ...choices,
    ...sides,
    ...(config.classes > 0 ? [] : ['no classifier']),
    ...(fit === 'crop' ? [] : [`pictures made ready by ${fit}`]),
    ...(interpolation === 'bicubic' ? [] : [`${interpolation} interpolation`]),
  ];
}

/** Without those that are one of these with other weights. */
function comparableModels(): string[] {
  return modelNames().filter((name) => !name.includes('.') && differencesOf(findModel(name)).length === 0);
}

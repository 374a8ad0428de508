/** A whole set of settings, all but the data. */
interface Preset {
  /** For whom, and where it comes from. */
  readonly about: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Whole sets of settings by name. A configuration that names one changes what it likes of it.
 * `torchvision-2021`: Vryniotis, "How to Train State-Of-The-Art Models Using TorchVision's Latest Primitives", 2021; with AdamW, as
 * torchvision's own training of ConvNeXt (`references/classification`) takes the same recipe. There the weights are averaged
 * every 32 steps by 0.99998, adjusted to 0.9989; 0.99997 a step is as much.
 * `deit-2021`: Touvron et al., "Training data-efficient image transformers", 2021, table 9; the learning rate is 0.0005 for 512
 * pictures, the changes are RandAugment's of torchvision, and what is erased becomes zeros, not noise.
 */
export const presets = {
  small: {
    about: 'pictures of up to about 64 pixels, from scratch, on a processor: minutes an epoch of 50 000',
    settings: {
      model: { imageSize: 32, patchSize: 4, width: 96, depth: 6, heads: 3, hidden: 192 },
      batch: 128,
      epochs: 20,
      warmup: 1,
      learningRate: 0.002,
      finalLearningRate: 0.00001,
      weightDecay: 0.05,
      betas: [0.9, 0.99],
      average: 0.999,
      labelSmoothing: 0.1,
      augment: { shift: 2, flip: 0.5 },
      checkpointEvery: 1,
    },
  },
  medium: {
    about: 'photographs, from scratch, on a processor: their main object at 64 pixels',
    settings: {
      model: { imageSize: 64, patchSize: 8, width: 192, depth: 6, heads: 6, hidden: 384 },
      batch: 128,
      epochs: 60,
      warmup: 5,
      learningRate: 0.001,
      finalLearningRate: 0.00001,
      weightDecay: 0.05,
      betas: [0.9, 0.99],
      average: 0.999,
      labelSmoothing: 0.1,
      dropPath: 0.05,
      augment: { crop: { scale: [0.35, 1] }, flip: 0.5, policy: 'trivial-augment' },
      cutmix: 1,
      checkpointEvery: 1,
    },
  },
  'fine-tuning': {
    about: 'a model that was trained on much, with `--from`, for pictures of which there are few',
    settings: {
      batch: 32,
      epochs: 10,
      warmup: 1,
      learningRate: 0.0005,
      finalLearningRate: 0.000001,
      weightDecay: 0.05,
      layerDecay: 0.75,
      labelSmoothing: 0.1,
      augment: { crop: { scale: [0.5, 1] }, flip: 0.5 },
      checkpointEvery: 1,
    },
  },
  'torchvision-2021': {
    about: 'the published recipe of long training, for a small ViT: for a GPU and days',
    settings: {
      model: { imageSize: 224, patchSize: 16, width: 384, depth: 12, heads: 6, hidden: 1536 },
      batch: 1024,
      accumulate: 16,
      epochs: 600,
      warmup: 5,
      learningRate: 0.001,
      finalLearningRate: 0,
      weightDecay: 0.05,
      clip: 0,
      average: 0.99997,
      labelSmoothing: 0.1,
      augment: { crop: {}, flip: 0.5, policy: 'trivial-augment', erase: 0.1 },
      mixup: 0.2,
      cutmix: 1,
      checkpointEvery: 1,
    },
  },
  'deit-2021': {
    about: "DeiT's recipe for its tiny model: for a GPU and days",
    settings: {
      model: { imageSize: 224, patchSize: 16, width: 192, depth: 12, heads: 3, hidden: 768 },
      batch: 1024,
      accumulate: 16,
      epochs: 300,
      warmup: 5,
      learningRate: 0.001,
      finalLearningRate: 0.00001,
      weightDecay: 0.05,
      clip: 0,
      labelSmoothing: 0.1,
      dropPath: 0.1,
      augment: { crop: {}, flip: 0.5, policy: { operations: 2, magnitude: 9 }, erase: 0.25 },
      mixup: 0.8,
      cutmix: 1,
      checkpointEvery: 1,
    },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

/** The same of a training that begins with another model. */
export const tuningPreset: PresetName = 'fine-tuning';

/** What is trained with, where nobody says how. */
export const usualPreset: PresetName = 'small';

/**
 * Settings over those of the preset that they name, and changes over both. Settings in braces are changed one by one.
 * @param fail says what is wrong with them
 */
export function underPreset(given: unknown, changes: Settings, fail: (what: string) => never): unknown {
  if (!areSettings(given)) return given;
  const { preset, ...own } = over(given, changes);
  if (preset === undefined) return own;
  const known = presetNames.find((name) => name === preset);
  if (known === undefined) {
    return fail(`names the preset ${JSON.stringify(preset)}; there is ${presetNames.join(', ')}`);
  }
  const { data } = own;
  const isDrawn = areSettings(data) && data['set'] === 'scenes' && data['singles'] === undefined;
  const below = isDrawn ? without(presets[known].settings, ofPictures) : presets[known].settings;
  return over(warmedUp(below, own), own);
}

/** With the share of other epochs in which it warms up, where it is not said how long that takes. */
function warmedUp(below: Settings, { epochs }: Settings): Settings {
  const { warmup, epochs: usual } = below;
  if (typeof epochs !== 'number' || typeof warmup !== 'number' || typeof usual !== 'number') return below;
  return { ...below, warmup: (warmup * epochs) / usual };
}

/** What is done to pictures that are seen again and again, which scenes are not. */
const ofPictures = ['augment', 'mixup', 'cutmix'];

export type Settings = Readonly<Record<string, unknown>>;

/** They have units, which are given with the last of them. */
const units = ['steps', 'epochs'];
const lengths = [...units, 'warmup', 'ramp', 'checkpointEvery'];

function over(below: Settings, above: Settings): Settings {
  const changesUnit = units.some((unit) => above[unit] !== undefined && below[unit] === undefined);
  const kept = Object.entries(below).filter(([name]) => !(changesUnit && lengths.includes(name)));
  const result: Record<string, unknown> = Object.fromEntries(kept);
  for (const [name, value] of Object.entries(above)) {
    const before = result[name];
    if (value === undefined) continue;
    // Another set has other settings.
    result[name] = name !== 'data' && areSettings(before) && areSettings(value) ? over(before, value) : value;
  }
  return result;
}

function without(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));
}

function areSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

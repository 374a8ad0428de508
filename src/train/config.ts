import * as is from 'valibot';
import { UsageError } from '../errors.js';
import { heightAndWidth } from '../image/preprocess.js';
import { attentions } from '../nn/index.js';
import { parseJson } from '../json.js';
import { guideKinds } from './guide.js';
import { schemeNames } from './initialize/schemes.js';
import { augment } from './settings/augment.js';
import { areEndless, areScenes, data } from './settings/data.js';
import { model } from './settings/model.js';
import { preprocessing } from './settings/preprocessing.js';
import { underPreset, type Settings } from './settings/presets.js';
import {
  count,
  notNegative,
  positive,
  settings,
  share,
  text,
  texts,
  told,
  upTo1,
  whole,
} from './settings/words.js';

/** Scenes for validation are counted from here, behind all that are trained on. */
export const firstValidationImage = 2 ** 30;

/** Of scenes none is seen twice: so many are called an epoch. */
const scenesOfAnEpoch = 10_000;

/** Steps between checkpoints, where nobody says how many. */
export const usualInterval = 500;

const letters = 'letters, digits, ".", "_" and "-"';

/** All settings, each under what its table says of it. */
export const trainSettings = settings({
  name: told(is.pipe(is.string(letters), is.regex(/^[\w.-]+$/, letters)), 'names the files that are written'),
  data: told(data, 'what is learned from'),
  model: told(model, 'the sizes of the model'),
  from: told(
    is.optional(text),
    'a model to begin with, as `--model` of `explain` takes it: its sizes, preprocessing and weights, with a new head unless it ' +
      'knows the same classes',
  ),
  preprocessing: told(
    is.optional(preprocessing),
    'how a picture becomes the input: as the model asks for that is begun with, else its middle square, from -1 to 1',
  ),
  initial: told(
    is.optional(text),
    "a checkpoint, from the configuration's folder, whose parameters the model begins with; heads that do not fit begin anew, and " +
      'positions of another size are resampled',
  ),
  batch: told(count, 'pictures a step'),
  accumulate: told(
    is.optional(count, 1),
    'parts that a batch is computed in, one after the other: a step takes the memory of a part',
  ),
  steps: told(is.optional(count), 'how long is trained'),
  epochs: told(
    is.optional(count),
    'in its place, how often each picture is seen; `warmup`, `ramp` and `checkpointEvery` are then counted in epochs, too',
  ),
  warmup: told(
    is.optional(notNegative, 0),
    'steps in which the learning rate rises from 0 to its highest; where a preset says it and not `epochs`, the same share of them',
  ),
  ramp: told(is.optional(whole(0), 0), 'steps in which scenes become as difficult as they will be'),
  learningRate: told(positive, 'the highest'),
  finalLearningRate: told(is.optional(notNegative, 0), 'where its cosine ends'),
  weightDecay: told(is.optional(notNegative, 0), 'of matrices; biases, norms and embeddings have none'),
  betas: told(
    is.optional(is.strictTuple([share, share], 'two numbers in brackets, [ ... ]'), [0.9, 0.999]),
    "how much of AdamW's averages of gradients and of their squares stays from step to step",
  ),
  epsilon: told(is.optional(positive, 1e-8), "AdamW's"),
  clip: told(is.optional(notNegative, 1), 'largest joint norm of the gradients; 0: any'),
  layerDecay: told(
    is.optional(upTo1, 1),
    'what the learning rate of a layer is multiplied by to be that of the layer before it',
  ),
  freeze: told(
    is.optional(texts, []),
    'modules or parameters that stay as they are, such as `patch_embed` or `blocks.0`; `backbone` is all but the head',
  ),
  average: told(
    is.optional(share, 0),
    'how much of the average of the weights (EMA) stays from step to step, such as 0.999; with 0 there is none, and the weights ' +
      'are kept',
  ),
  initialization: told(
    is.optional(is.picklist(schemeNames, `one of: ${schemeNames.join(', ')}`)),
    `the scheme of the numbers that a model from scratch begins with, of: ${schemeNames.join(', ')}; mimetic, as trained ones look, if ` +
      'left out',
  ),
  labelSmoothing: told(is.optional(share, 0), 'share of a label that is spread over all classes'),
  dropPath: told(
    is.optional(share, 0),
    'probability with which the last block is left out; it rises from 0 at the first',
  ),
  augment: told(is.optional(augment, {}), 'what happens to a picture each time before it is learned from'),
  mixup: told(
    is.optional(notNegative, 0),
    'parameter of the distribution from which the shares of two pictures in one are drawn; 0: none',
  ),
  cutmix: told(
    is.optional(notNegative, 0),
    'the same of a rectangle of one picture in another; with both, each is as frequent',
  ),
  patchLabels: told(
    is.optional(notNegative, 0),
    "what telling each patch's content counts beside telling the picture's, where its content is known, as in scenes",
  ),
  guide: told(
    is.optional(
      settings({
        by: told(
          is.optional(is.picklist(guideKinds, `one of: ${guideKinds.join(', ')}`), 'gradient-rollout'),
          '`"gradient-rollout"` of what is shown, or `"attention"`, the mean over blocks and heads',
        ),
        weight: told(
          is.optional(positive, 1),
          'what the share of the map that lies beside the object counts, beside telling what the picture shows',
        ),
      }),
    ),
    'asks what the class token looks at to lie on the object, where its mask is known: of scenes and Pets',
  ),
  seed: told(is.optional(whole(0), 1), 'of all that is random'),
  checkpointEvery: told(is.optional(count), 'steps between checkpoints; 500, or 1 epoch, if left out'),
  mapsEvery: told(
    is.optional(whole(0), 0),
    'checkpoints between strips of maps of a few pictures never trained on: rollout, and gradient rollout of what they show, or what is ' +
      'defined on the model; ' +
      '0: none',
  ),
  validationImages: told(
    is.optional(whole(1, 2 ** 30), 1000),
    'pictures never trained on, on which each checkpoint is measured; all, where there are fewer',
  ),
});

/** A configuration as it is given: its lengths may be in epochs. */
export type Recipe = is.InferOutput<typeof trainSettings>;

/** How a model is trained, all lengths in steps. */
export type TrainConfig = Omit<Recipe, 'steps' | 'epochs' | 'checkpointEvery'> & {
  readonly steps: number;
  readonly checkpointEvery: number;
};

/**
 * @param text JSON
 * @param source the file's name, for messages
 * @throws UsageError that names the first setting that is missing, unknown or impossible
 */
export function parseTrainConfig(text: string, source: string): TrainConfig {
  return inSteps(parseRecipe(text, source), Infinity, source);
}

/** The same, before it is known how many pictures an epoch has. @param changes of settings, beside those of the file */
export function parseRecipe(text: string, source: string, changes: Settings = {}): Recipe {
  const json = parseJson(text);
  if ('complaint' in json) return failure(source)(`is no JSON: ${json.complaint}`);
  return checkedRecipe(json.value, source, changes);
}

/** The same of settings that may name a preset, which has what they leave out. */
export function checkedRecipe(given: unknown, source: string, changes: Settings = {}): Recipe {
  const fail = failure(source);
  const result = is.safeParse(trainSettings, underPreset(given, changes, fail));
  if (!result.success) return fail(complaint(result.issues));
  const config = result.output;
  const { width, heads } = config.model;
  checkInput(config, fail);
  if (width % heads !== 0) {
    fail(`has ${heads} heads, which do not divide the width of ${width}; change one of them`);
  }
  if (config.dropPath > 0 && config.model.residuals === false) {
    fail('asks for "dropPath", which leaves nothing of a picture without residuals; set it to 0');
  }
  if (config.batch % config.accumulate !== 0) {
    fail(
      `computes a batch of ${config.batch} in ${config.accumulate} parts, which do not divide it; change one of them`,
    );
  }
  if (config.steps === undefined && config.epochs === undefined) fail('lacks "steps", or "epochs"');
  if (config.steps !== undefined && config.epochs !== undefined) {
    fail('has both "steps" and "epochs"; leave out one of them');
  }
  if (config.from !== undefined && config.initial !== undefined) {
    fail('begins with both "from" and "initial"; leave out one of them');
  }
  if (!areEndless(config.data) && config.patchLabels > 0) {
    fail(
      'asks for "patchLabels", and nobody knows what each patch of these pictures shows; leave it out, or learn from scenes that are ' +
        'made as it goes',
    );
  }
  checkGuide(config, fail);
  const changed = (['mixup', 'cutmix'] as const).find((name) => config[name] > 0);
  const altered = changed ?? (Object.values(config.augment).some(Boolean) ? 'augment' : undefined);
  if (areEndless(config.data) && altered !== undefined) {
    fail(`asks for "${altered}", but no scene is seen twice: leave it out, or learn from pictures`);
  }
  return config;
}

/** The model's input must be whole patches, what the preprocessing makes, and, of scenes, what is drawn. */
function checkInput({ data, model, preprocessing }: Recipe, fail: (what: string) => never): void {
  const [image, patch] = [model.imageSize, model.patchSize].map(heightAndWidth);
  if (image.some((extent, axis) => extent % patch[axis] !== 0)) {
    fail(
      `has patches of ${inPixels(patch)} pixels, which do not divide an image of ${inPixels(image)}; change one of them`,
    );
  }
  const { channels = 3 } = model;
  if (preprocessing) {
    const made = heightAndWidth(preprocessing.size);
    if (inPixels(made) !== inPixels(image)) {
      fail(
        `has a preprocessing to ${inPixels(made)} pixels, and a model of ${inPixels(image)}; give both the same`,
      );
    }
    // As many are in "std", which is checked with it.
    const { length } = preprocessing.mean;
    if (length !== channels) {
      fail(
        `has ${length} ${length === 1 ? 'number' : 'numbers'} for the "mean" and "std" of "preprocessing"; give ${channels}, for ` +
          (channels === 1 ? 'brightness' : 'red, green and blue'),
      );
    }
  }
  if (areScenes(data) && (image[0] !== image[1] || patch[0] !== patch[1] || channels !== 3)) {
    fail('learns from scenes, which are squares in colour; give the model such input and patches');
  }
}

/** `64`, or `64x96`. */
function inPixels([height, width]: readonly number[]): string {
  return height === width ? String(height) : `${height}x${width}`;
}

/** What is guided must be defined on the model, and the masks be those of the pictures as they are learned from. */
function checkGuide({ guide, model, ...config }: Recipe, fail: (what: string) => never): void {
  if (!guide) return;
  if (model.attention !== undefined && !attentions[model.attention].hasMatrices) {
    fail('asks for "guide", and its attention has no matrices that could be guided; leave out one of them');
  }
  if (guide.by === 'gradient-rollout' && model.residuals === false) {
    fail(
      'asks for "guide" by gradient rollout, which follows the residuals that its model lacks; guide by "attention", or leave it out',
    );
  }
  const mixing = (['mixup', 'cutmix'] as const).find((name) => config[name] > 0);
  const moved = mixing ?? (config.augment.policy === undefined ? undefined : 'policy');
  if (moved !== undefined) {
    fail(`asks for "guide" and "${moved}", of whose pictures nobody knows the masks; leave out one of them`);
  }
}

/**
 * With its lengths in steps.
 * @param pictures that there are; infinite, where none is seen twice
 * @throws UsageError if lengths do not fit each other
 */
export function inSteps({ epochs, ...recipe }: Recipe, pictures: number, source: string): TrainConfig {
  const fail = failure(source);
  const epoch = Number.isFinite(pictures) ? pictures : scenesOfAnEpoch;
  const exactly = (length: number): number =>
    epochs === undefined ? length : (length * epoch) / recipe.batch;
  const stepsOf = (length: number): number => Math.ceil(exactly(length));
  const config = {
    ...recipe,
    steps: stepsOf(epochs ?? recipe.steps!),
    // Rounded, so that a small share of few steps is fewer than they are.
    warmup: Math.round(exactly(recipe.warmup)),
    ramp: stepsOf(recipe.ramp),
    checkpointEvery: stepsOf(recipe.checkpointEvery ?? (epochs === undefined ? usualInterval : 1)),
  };
  if (config.warmup >= config.steps) {
    fail(`warms up for ${config.warmup} of ${config.steps} steps; warm up for fewer than there are`);
  }
  if (config.steps * config.batch > firstValidationImage) {
    fail(
      `trains for ${config.steps} steps of ${config.batch} images, but images from the ${firstValidationImage}th on are ` +
        'kept for validation; train for fewer steps',
    );
  }
  return config;
}

function failure(source: string): (what: string) => never {
  return (what) => {
    throw new UsageError(`The configuration "${source}" ${what}.`);
  };
}

/**
 * What is wrong with settings, for the middle of a sentence that begins with where they stand.
 * @param issues in the order of the settings; those that are not known come last
 */
export function complaint(issues: readonly [is.BaseIssue<unknown>, ...is.BaseIssue<unknown>[]]): string {
  const [first] = issues;
  // Most likely it is a missing one, misspelt.
  const unknown = issues.find((issue) => issue.type === 'strict_object' && issue.expected === 'never');
  if (unknown) {
    const missing = isMissing(first) ? `, and lacks "${is.getDotPath(first)!}"` : '';
    return `has a setting "${is.getDotPath(unknown)!}", which is not known${missing}`;
  }
  const path = is.getDotPath(first);
  if (path === null) return `holds ${inWords(first.input)}; expected ${first.message}`;
  if (isMissing(first)) return `lacks "${path}"`;
  const tooMany = first.type === 'strict_tuple' && first.expected === 'never';
  return `has ${inWords(first.input)} for "${path}"; expected ${tooMany ? 'no further value' : first.message}`;
}

function isMissing({ input }: is.BaseIssue<unknown>): boolean {
  return input === undefined;
}

/** A value of JSON; a long one is cut, because it may be a megabyte. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'settings in braces';
  if (value === Infinity || value === -Infinity) return 'a number that is too large';
  const shown = JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

import * as is from 'valibot';
import { spriteVendors } from '../data/scenes/index.js';
import { UsageError } from '../errors.js';
import { parseJson } from '../json.js';

/** Scenes for validation are counted from here, behind all that are trained on. */
export const firstValidationImage = 2 ** 30;

/** Each setting says in its own words what it takes; the library's are for programmers. */
const whole = (least: number, most = 2 ** 31 - 1) => {
  const words = `a whole number from ${least} to ${most}`;
  return is.pipe(is.number(words), is.integer(words), is.minValue(least, words), is.maxValue(most, words));
};
const finite = (words: string) => is.pipe(is.number(words), is.finite(words));
const atLeast0 = 'a number of at least 0';
const above0 = 'a number above 0';
const halfOpenUnit = 'a number from 0 up to, but not including, 1';
const letters = 'letters, digits, ".", "_" and "-"';
const vendors = `one of: ${spriteVendors.join(', ')}`;

const count = whole(1);
const notNegative = is.pipe(finite(atLeast0), is.minValue(0, atLeast0));
const positive = is.pipe(finite(above0), is.gtValue(0, above0));
const share = is.pipe(is.number(halfOpenUnit), is.minValue(0, halfOpenUnit), is.ltValue(1, halfOpenUnit));
const above0To1 = 'a number above 0, and at most 1';
const upTo1 = is.pipe(is.number(above0To1), is.gtValue(0, above0To1), is.maxValue(1, above0To1));
const text = is.string('a text in double quotes');
const flag = is.boolean('true or false');

/** A list is an object, too, to the library. */
const settings = <const Entries extends is.ObjectEntries>(entries: Entries) =>
  is.pipe(
    is.custom<object>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'settings in braces, { ... }',
    ),
    is.strictObject(entries),
  );

const schema = settings({
  /** Names the files that are written. */
  name: is.pipe(is.string(letters), is.regex(/^[\w.-]+$/, letters)),
  model: settings({
    /** Height and width, pixels. */
    imageSize: count,
    patchSize: count,
    width: count,
    depth: count,
    heads: count,
    /** Width of the hidden layer of each MLP. */
    hidden: count,
  }),
  data: settings({
    set: is.literal('scenes', '"scenes"'),
    /** The folder in which the sprites' packages are installed, from the configuration's own. */
    packages: text,
    vendors: is.pipe(
      is.array(is.picklist(spriteVendors, vendors), 'a list of vendors in brackets, [ ... ]'),
      is.minLength(1, 'at least one vendor'),
    ),
    /** Whether half of the drawings trained on are bent, embossed and recoloured, as `VariationOptions` has it. */
    restyle: flag,
    /** Whether they are drawn otherwise too, as `VariationOptions` has it; not if left out. */
    redraw: is.optional(flag, false),
  }),
  /**
   * A checkpoint of an earlier training of the same model, from the configuration's folder: its parameters are what this
   * one begins with, and its optimiser's state is not used. Without it the parameters begin at random.
   */
  initial: is.optional(text),
  /** Images a step. */
  batch: count,
  steps: count,
  /** Steps in which the scenes become as difficult as they will be. */
  ramp: whole(0),
  /** Steps in which the learning rate rises from 0 to its highest. */
  warmup: whole(0),
  learningRate: positive,
  /** Where the cosine ends. */
  finalLearningRate: notNegative,
  /** Of matrices alone. */
  weightDecay: notNegative,
  betas: is.strictTuple([share, share], 'two numbers in brackets, [ ... ]'),
  epsilon: positive,
  /** Largest joint norm of the gradients. */
  clip: positive,
  labelSmoothing: share,
  /** What telling each patch's content counts beside telling the image's; 0 trains on images alone. */
  patchLabels: notNegative,
  /** Parts that a batch is computed in, one after the other: what a step takes of memory is then that of a part. */
  accumulate: is.optional(count, 1),
  /** How much of the average of the weights stays from step to step, such as 0.999; 0: there is none, and the weights are kept. */
  average: is.optional(share, 0),
  /** What the learning rate of a layer is multiplied by to be that of the layer before it; 1 for all alike. */
  layerDecay: is.optional(upTo1, 1),
  /** Modules or parameters that stay as they are, such as `patch_embed` or `blocks.0`. */
  freeze: is.optional(is.array(text, 'a list of texts in brackets, [ ... ]'), []),
  /** Probability with which the last block is left out; it rises from 0 at the first. */
  dropPath: share,
  seed: whole(0),
  /** Steps between checkpoints. */
  checkpointEvery: count,
  /** Scenes never trained on, of the same vendors, on which each checkpoint is measured. */
  validationImages: whole(1, 2 ** 30),
});

/** How a model is trained; the file `--config` names holds it as JSON. */
export type TrainConfig = is.InferOutput<typeof schema>;

/**
 * @param text JSON
 * @param source the file's name, for messages
 * @throws UsageError that names the first setting that is missing, unknown or impossible
 */
export function parseTrainConfig(text: string, source: string): TrainConfig {
  const fail = (what: string): never => {
    throw new UsageError(`The configuration "${source}" ${what}.`);
  };
  const json = parseJson(text);
  if ('complaint' in json) return fail(`is no JSON: ${json.complaint}`);
  const result = is.safeParse(schema, json.value);
  if (!result.success) return fail(complaint(result.issues));
  const config = result.output;
  const { imageSize, patchSize, width, heads } = config.model;
  if (imageSize % patchSize !== 0) {
    fail(
      `has patches of ${patchSize} pixels, which do not divide an image of ${imageSize}; change one of them`,
    );
  }
  if (width % heads !== 0) {
    fail(`has ${heads} heads, which do not divide the width of ${width}; change one of them`);
  }
  if (config.batch % config.accumulate !== 0) {
    fail(
      `computes a batch of ${config.batch} in ${config.accumulate} parts, which do not divide it; change one of them`,
    );
  }
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

/** @param issues in the order of the settings; those that are not known come last */
function complaint(issues: readonly [is.BaseIssue<unknown>, ...is.BaseIssue<unknown>[]]): string {
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

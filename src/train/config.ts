import * as is from 'valibot';
import { spriteVendors } from '../data/scenes/index.js';
import { UsageError } from '../errors.js';

const count = is.pipe(is.number(), is.integer(), is.minValue(1));
const notNegative = is.pipe(is.number(), is.finite(), is.minValue(0));
const positive = is.pipe(is.number(), is.finite(), is.gtValue(0));
const share = is.pipe(is.number(), is.minValue(0), is.ltValue(1));

const schema = is.strictObject({
  /** Names the files that are written. */
  name: is.pipe(is.string(), is.regex(/^[\w.-]+$/, 'letters, digits, ".", "_" and "-"')),
  model: is.strictObject({
    /** Height and width, pixels. */
    imageSize: count,
    patchSize: count,
    width: count,
    depth: count,
    heads: count,
    /** Width of the hidden layer of each MLP. */
    hidden: count,
  }),
  data: is.strictObject({
    set: is.literal('scenes'),
    /** The folder in which the sprites' packages are installed, from the configuration's own. */
    packages: is.string(),
    vendors: is.pipe(is.array(is.picklist(spriteVendors)), is.minLength(1)),
    /** Whether half of the drawings trained on are bent, embossed and recoloured, as `VariationOptions` has it. */
    restyle: is.boolean(),
    /** Whether they are drawn otherwise too, as `VariationOptions` has it; not if left out. */
    redraw: is.optional(is.boolean(), false),
  }),
  /**
   * A checkpoint of an earlier training of the same model, from the configuration's folder: its parameters are what this
   * one begins with, and its optimiser's state is not used. Without it the parameters begin at random.
   */
  initial: is.optional(is.string()),
  /** Images a step. */
  batch: count,
  steps: count,
  /** Steps in which the scenes become as difficult as they will be. */
  ramp: is.pipe(is.number(), is.integer(), is.minValue(0)),
  /** Steps in which the learning rate rises from 0 to its highest. */
  warmup: is.pipe(is.number(), is.integer(), is.minValue(0)),
  learningRate: positive,
  /** Where the cosine ends. */
  finalLearningRate: notNegative,
  /** Of matrices alone. */
  weightDecay: notNegative,
  betas: is.strictTuple([share, share]),
  epsilon: positive,
  /** Largest joint norm of the gradients. */
  clip: positive,
  labelSmoothing: share,
  /** What telling each patch's content counts beside telling the image's; 0 trains on images alone. */
  patchLabels: notNegative,
  /** Probability with which the last block is left out; it rises from 0 at the first. */
  dropPath: share,
  seed: is.pipe(is.number(), is.integer(), is.minValue(0), is.maxValue(2 ** 31 - 1)),
  /** Steps between checkpoints. */
  checkpointEvery: count,
  /** Scenes never trained on, of the same vendors, on which each checkpoint is measured. */
  validationImages: count,
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
  let json: unknown;
  try {
    // Some editors begin a file with a byte-order mark.
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return fail(`is no JSON: ${(error as Error).message}`);
  }
  const result = is.safeParse(schema, json);
  if (!result.success) return fail(complaint(result.issues[0]));
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
  if (config.warmup >= config.steps) {
    fail(`warms up for ${config.warmup} of ${config.steps} steps; warm up for fewer than there are`);
  }
  return config;
}

function complaint(issue: is.BaseIssue<unknown>): string {
  const path = is.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `has a setting "${path}", which is not known`;
  }
  if (path === '') return 'is no JSON object';
  if (issue.received === 'undefined') return `lacks "${path}"`;
  return `has ${issue.received} for "${path}"; expected ${expectation(issue)}`;
}

/** What the schema's own words do not say to a person. */
const expectations: Readonly<Partial<Record<string, string>>> = {
  integer: 'a whole number',
  finite: 'a finite number',
};

function expectation(issue: is.BaseIssue<unknown>): string {
  if (issue.kind === 'validation' && issue.type === 'regex') return issue.message;
  if (issue.type === 'strict_tuple' && issue.expected === 'never') return 'no further value';
  return expectations[issue.type] ?? issue.expected ?? issue.message;
}

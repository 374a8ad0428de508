import { UsageError } from '../../errors.js';
import { findMeasures, type Measure } from '../../evaluate/index.js';
import { attention, findMethods, isView, type Score } from '../../explain/index.js';
import { sizesOf, type VisionTransformerConfig } from '../../models/index.js';
import type { DeviceName } from '../../node/index.js';
import type { DataSet } from '../../node/datasets/data-set.js';
import { chooseMethods, type ChosenMethod, type EvaluatedMethod } from '../../pipeline/index.js';
import { checkDevice, checkModel, notEmpty, scores, type AskedModel } from '../explain-options.js';
import { deviationsOf, givenOptions, wordingOf } from '../method-options.js';
import { fromPerson } from '../paths.js';

/** What commander collects for `evaluate`, as typed; those of the methods too, by their names. */
export interface RawEvaluateOptions {
  readonly data: string;
  readonly only?: string;
  readonly measure?: string;
  readonly method: string;
  readonly target: string;
  readonly fit?: string;
  readonly model?: string;
  readonly weights?: string;
  readonly imageSize?: string;
  readonly labels?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** How pictures come into the input: cropped as the model asks for, or whole; undefined: by their size. */
export const fits = ['model', 'whole'] as const;
export type Fit = (typeof fits)[number] | undefined;

/** What does not depend on model and data, checked, with absolute paths. */
export interface EvaluateOptions {
  readonly data: string;
  /** Names of the pictures that are taken; undefined: all. */
  readonly only: RegExp | undefined;
  readonly fit: Fit;
  readonly scores: readonly Score[];
  readonly model: AskedModel;
  readonly device: {
    readonly device: DeviceName;
    readonly adapter: string | undefined;
    readonly threads: number | undefined;
  };
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** @throws UsageError that says which option is wrong and what it takes */
export function checkEvaluateOptions(raw: RawEvaluateOptions): EvaluateOptions {
  if (raw.measure !== undefined) findMeasures(notEmpty('--measure', raw.measure));
  methodsOf(raw);
  return {
    data: fromPerson(notEmpty('--data', raw.data)),
    only: raw.only === undefined ? undefined : patternOf(raw.only),
    fit: raw.fit === undefined ? undefined : fitOf(raw.fit),
    scores: scoresOf(raw.target),
    model: checkModel(raw),
    device: checkDevice(raw),
    out: fromPerson(notEmpty('--out', raw.out)),
    force: raw.force ?? false,
    json: raw.json ?? false,
  };
}

/**
 * What is measured; if nothing is said, by masks, or, where there are none, by taking away.
 * @throws UsageError if nothing that is asked for can be measured without masks, and there are none
 */
export function measuresOf(raw: RawEvaluateOptions, { pictures }: DataSet): readonly Measure[] {
  const hasMasks = pictures.some(({ objects }) => objects.some(({ mask }) => mask));
  const found = findMeasures(raw.measure ?? (hasMasks ? 'localisation' : 'faithfulness'));
  if (hasMasks || found.some(({ needs }) => needs !== 'masks' && needs !== 'objects')) return found;
  throw new UsageError(
    `--measure ${raw.measure} asks for masks, and no picture has one; give a folder with masks, or measure faithfulness.`,
  );
}

/** The last block's attention as it is: what methods are to be better than. */
const rawAttention = 'raw-attention';

/**
 * The methods of the table, each for each score that it leaves open, and raw attention, which belongs beside all.
 * @throws UsageError if an option is wrong, or none of the methods has it
 */
export function evaluatedMethods(
  raw: RawEvaluateOptions,
  { scores: asked }: Pick<EvaluateOptions, 'scores'>,
  config: VisionTransformerConfig,
): readonly EvaluatedMethod[] {
  const typed = { ...raw };
  const chosen = chooseMethods(methodsOf(raw), givenOptions(typed), config, wordingOf(typed));
  const [beside] = chooseMethods([attention], {}, config);
  return [
    ...chosen.flatMap((one) =>
      (isOpen(one) ? asked : asked.slice(0, 1)).map((score) => ({
        name: nameOf(one, score, config),
        chosen: one,
        score,
      })),
    ),
    { name: rawAttention, chosen: beside, score: asked[0] },
  ];
}

function isOpen({ method }: ChosenMethod): boolean {
  return method.of === 'class' && method.score === undefined;
}

/** Whatever is not the default is in the name: `ixg.block-8.logprob`. */
function nameOf(chosen: ChosenMethod, score: Score, config: VisionTransformerConfig): string {
  const isOther = isOpen(chosen) && score === 'log-probability';
  return [chosen.method.name, ...deviationsOf(chosen, sizesOf(config)), ...(isOther ? ['logprob'] : [])].join(
    '.',
  );
}

function methodsOf({ method }: RawEvaluateOptions) {
  const found = findMethods(notEmpty('--method', method));
  const view = found.find(isView);
  if (view === undefined) return found;
  throw new UsageError(
    `${view.name} gives several maps to look at, and no single one to measure; leave it out.`,
  );
}

function patternOf(given: string): RegExp {
  try {
    return new RegExp(notEmpty('--only', given), 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `--only "${given}" is no regular expression; give one, such as "^cat_" or "[02468]\\.png$".`,
    );
  }
}

function fitOf(given: string): Fit {
  const found = fits.find((fit) => fit === given);
  if (found === undefined)
    throw new UsageError(`--fit does not know "${given}"; choose one of: ${fits.join(', ')}.`);
  return found;
}

function scoresOf(given: string): readonly Score[] {
  const names = notEmpty('--target', given)
    .split(',')
    .map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(scores, name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--target does not know "${unknown}"; of a class choose from: ${Object.keys(scores).join(', ')}.`,
    );
  }
  return [...new Set(names)].map((name) => scores[name]);
}

import { UsageError } from '../errors.js';
import { activationMaximisation, parseUnit, type AscentOptions, type Unit } from '../explain/index.js';
import { parseOptions } from '../explain/options.js';
import { resolveClass } from '../models/index.js';
import {
  checkDevice,
  checkModel,
  notEmpty,
  type AskedModel,
  type RawExplainOptions,
} from './explain-options.js';
import { givenOptions, wordingOf } from './method-options.js';
import { fromPerson } from './paths.js';

/** What commander collects for `dream`, as typed; the method's own options too, by their names. */
export interface RawDreamOptions extends Pick<
  RawExplainOptions,
  'model' | 'weights' | 'imageSize' | 'labels' | 'device' | 'adapter' | 'threads' | 'out' | 'force' | 'json'
> {
  readonly unit: string;
  readonly every?: string;
}

/** The same, checked, with absolute paths; the unit is the model's to know. */
export interface DreamOptions {
  readonly asked: AskedModel;
  readonly device: ReturnType<typeof checkDevice>;
  readonly ascent: AscentOptions;
  /** Steps between pictures that are kept; undefined: none but the last. */
  readonly every: number | undefined;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** @throws UsageError that says which option is wrong and what it takes */
export function checkDream(raw: RawDreamOptions): DreamOptions {
  const typed = { ...raw };
  notEmpty('--unit', raw.unit);
  return {
    asked: checkModel(raw),
    device: checkDevice(raw),
    ascent: parseOptions(
      activationMaximisation.options(),
      givenOptions(typed, [activationMaximisation]),
      wordingOf(typed),
    ),
    every: raw.every === undefined ? undefined : everyOf(raw.every),
    out: fromPerson(notEmpty('--out', raw.out)),
    force: raw.force ?? false,
    json: raw.json ?? false,
  };
}

function everyOf(text: string): number {
  const every = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  if (every >= 1 && every <= 10_000) return every;
  throw new UsageError(`--every is "${text}"; give a whole number of steps from 1 to 10000.`);
}

/**
 * What is to be excited: a unit, or a class by its name.
 * @param labels comma-separated synonyms of each class, by index; none of a model without classes
 * @throws UsageError for what is no unit, or no class
 */
export function unitOf({ unit }: Pick<RawDreamOptions, 'unit'>, labels: readonly string[]): Unit {
  return parseUnit(unit, (name) => (/^\d+$/.test(name) ? Number(name) : resolveClass(name, labels)));
}

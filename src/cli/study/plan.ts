import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { checkedRecipe, complaint, type Recipe } from '../../train/index.js';

/** One change of the training that is studied. */
interface Variation {
  readonly name: string;
  /** What is varied, such as `positions`. */
  readonly of: string;
}

/** A training of a study: a variation with a seed. */
export interface PlannedRun extends Variation {
  readonly seed: number;
  readonly recipe: Recipe;
}

/** A study as its configuration has it. */
export interface StudyPlan {
  readonly name: string;
  /** The training as it is first, then each change. */
  readonly variations: readonly Variation[];
  readonly seeds: readonly number[];
  /** Seed after seed, so that the first are a whole study of fewer seeds. */
  readonly runs: readonly PlannedRun[];
  /** How many pictures are shown with their maps. */
  readonly pictures: number;
}

/** What the training is called as it is. */
export const baseline = 'baseline';

const letters = 'letters, digits, ".", "_" and "-"';
const name = is.pipe(is.string(letters), is.regex(/^[\w.-]+$/, letters));
const braces = is.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'settings in braces, { ... }',
);
const seed = 'a whole number of at least 0';
const shown = 'a whole number from 1 to 16';
const someOf = 'a list of at least one in brackets, [ ... ]';

const schema = is.strictObject({
  name,
  training: braces,
  variations: is.array(
    is.strictObject(
      { name, of: is.string('a text in double quotes'), settings: braces },
      'settings in braces, { ... }',
    ),
    'a list of variations in brackets, [ ... ]',
  ),
  seeds: is.pipe(
    is.array(is.pipe(is.number(seed), is.integer(seed), is.minValue(0, seed)), someOf),
    is.minLength(1, someOf),
  ),
  pictures: is.optional(
    is.pipe(is.number(shown), is.integer(shown), is.minValue(1, shown), is.maxValue(16, shown)),
    6,
  ),
});

/**
 * Reads the configuration of a study, and checks the training of every variation.
 * @param text JSON
 * @param source the file's name, for messages
 * @throws UsageError for what is missing, unknown or impossible
 */
export function parseStudy(text: string, source: string): StudyPlan {
  const fail = (what: string): never => {
    throw new UsageError(`The configuration "${source}" ${what}.`);
  };
  const json = parseJson(text);
  if ('complaint' in json) return fail(`is no JSON: ${json.complaint}`);
  const parsed = is.safeParse(schema, json.value);
  if (!parsed.success) return fail(complaint(parsed.issues));
  const { training, variations, seeds, pictures, name: title } = parsed.output;
  const all = [{ name: baseline, of: baseline, settings: {} }, ...variations];
  const twice = all.find((one, index) => all.findIndex((other) => other.name === one.name) < index);
  if (twice) fail(`has two variations called "${twice.name}"; give each a name of its own`);
  const runs = seeds.flatMap((number) =>
    all.map(({ settings, ...variation }): PlannedRun => {
      const place = `${source}", variation "${variation.name}`;
      const recipe = checkedRecipe({ ...training, name: variation.name }, place, {
        ...settings,
        seed: number,
      });
      if (recipe.from !== undefined || recipe.initial !== undefined) {
        fail(
          'begins with another model, and what is studied is trained from scratch; leave out "from" and "initial"',
        );
      }
      return { ...variation, seed: number, recipe };
    }),
  );
  return { name: title, variations: all, seeds, pictures, runs };
}

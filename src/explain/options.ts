import * as is from 'valibot';
import { UsageError } from '../errors.js';
import { anObject, described, expectGiven } from '../given.js';
import { headFusions } from './heads.js';
import type { LayerRange } from './layers.js';

/** What of a model the options of a method depend on. */
export interface ModelDepth {
  /** Number of layers. */
  readonly depth: number;
}

/** Where no model is known yet, as in a command's help: any layer may be one of it. */
export const unknownDepth: ModelDepth = { depth: Number.MAX_SAFE_INTEGER };

/** How options are spoken of towards the person who gave them. */
export interface Wording {
  /** What an option is called, such as `--layers`. */
  readonly named: (option: string) => string;
  /** What was given for it, as it was typed. */
  readonly given: (option: string) => string;
}

/** The schemas of a method's options by name: each has a default, a help text and, where it refuses, a sentence. */
export type OptionSchemas = Readonly<Record<string, is.GenericSchema>>;

/** Options as a method takes them: checked and complete. */
export type MethodOptions<Schemas extends OptionSchemas> = {
  readonly [Name in keyof Schemas]: is.InferOutput<Schemas[Name]>;
};

/** Options as they are given: what is left out has its default. */
export type GivenMethodOptions<Schemas extends OptionSchemas> = {
  readonly [Name in keyof Schemas]?: is.InferInput<Schemas[Name]>;
};

/** One of several names, the first of which is the default. */
export function choice<const Names extends readonly [string, ...string[]]>(names: Names, help: string) {
  return is.pipe(
    is.optional(is.picklist(names, `choose one of: ${names.join(', ')}`), names[0] as Names[number]),
    is.description(help),
  );
}

export const headFusion = choice(headFusions, 'how the heads of a layer become one matrix');

const inHalfOpenUnit = 'give a number from 0 up to, but not including, 1';
export const discardRatio = is.pipe(
  is.optional(
    is.pipe(is.number(inHalfOpenUnit), is.minValue(0, inHalfOpenUnit), is.ltValue(1, inHalfOpenUnit)),
    0,
  ),
  is.description('share of the weakest attention that is dropped in each layer, from 0 up to 1'),
);

/** The layers that take part: a product, a sum or a mean over them is all that a method computes. */
export function layers({ depth }: ModelDepth) {
  const last = depth - 1;
  const expected =
    depth === unknownDepth.depth
      ? 'give two blocks, such as 0-5, the lower first'
      : `give two blocks between 0 and ${last}, such as 0-${last}, the lower first`;
  const block = is.pipe(is.number(expected), is.integer(expected), is.minValue(0, expected));
  return is.pipe(
    is.optional(
      is.pipe(
        is.strictTuple([block, block], expected),
        is.check(([from, to]) => from <= to && to <= last, expected),
        is.transform((range): LayerRange => range),
      ),
      [0, last],
    ),
    is.description('first and last block that take part, counted from 0'),
  );
}

/** What options are given as. */
export const optionsByName = { ...anObject, words: 'an object, such as { discardRatio: 0.9 }' };

/**
 * Checks options and fills in defaults.
 * @param wording as in the library, by their names, if left out
 * @throws UsageError that says which option is wrong and what it takes
 */
export function parseOptions<Schemas extends OptionSchemas>(
  schemas: Schemas,
  given: Readonly<Record<string, unknown>>,
  wording: Wording = { named: (option) => option, given: (option) => described(given[option]) },
): MethodOptions<Schemas> {
  expectGiven('The object of options', given, optionsByName);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(schemas, name));
  if (unknown !== undefined) {
    const known = Object.keys(schemas).map(wording.named).join(', ');
    throw new UsageError(`There is no option ${wording.named(unknown)} here; there is ${known || 'none'}.`);
  }
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const result = is.safeParse(schema, given[name]);
    if (result.success) return [name, result.output];
    throw new UsageError(`${wording.named(name)} is ${wording.given(name)}; ${result.issues[0].message}.`);
  });
  return Object.fromEntries(entries) as MethodOptions<Schemas>;
}

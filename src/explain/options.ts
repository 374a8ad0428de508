import * as is from 'valibot';
import { UsageError } from '../errors.js';
import type { ModelSizes } from '../geometry.js';
import { anObject, described, expectGiven } from '../given.js';
import { headFusions } from './heads.js';
import type { LayerRange } from './layers.js';

const any = Number.MAX_SAFE_INTEGER;

/** Where no model is known yet, as in a command's help: any layer, head or patch may be one of it. */
export const unknownSizes: ModelSizes = { depth: any, heads: any, headWidth: any, grid: [any, any] };

/** How options are spoken of towards the person who gave them. */
export interface Wording {
  /** What an option is called, such as `--layers`. */
  readonly named: (option: string) => string;
  /** What was given for it, as it was typed. */
  readonly given: (option: string) => string;
}

/** What a schema says of itself beside its help text. */
export interface OptionMetadata {
  /** How it is typed, if its type does not tell. */
  readonly typed?: 'patch';
  /** What its default is called, which depends on the model. */
  readonly usual?: string;
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

/** What a whole number of things is counted to, from 0; a sentence's end where none of them is known. */
function wholeBelow(count: number, what: string) {
  const expected =
    count === any ? `give the number of a ${what}` : `give a ${what} between 0 and ${count - 1}`;
  return numbered(count, expected);
}

function numbered(count: number, expected: string) {
  return is.pipe(
    is.number(expected),
    is.integer(expected),
    is.minValue(0, expected),
    is.maxValue(count - 1, expected),
  );
}

/** One of a few names, the first of which is the default, or the number of one of several things. */
function nameOrNumber<const Names extends readonly [string, ...string[]]>(
  names: Names,
  count: number,
  what: string,
) {
  const range = count === any ? '' : ` between 0 and ${count - 1}`;
  const expected = `give ${names.join(', ')} or the number of a ${what}${range}`;
  return is.optional(
    is.union([is.picklist(names, expected), numbered(count, expected)], expected),
    names[0] as Names[number],
  );
}

export const headFusion = choice(headFusions, 'how the heads of a layer become one matrix');

/** Which heads of a layer are shown: all of them as one, all side by side, or one. */
export function heads({ heads: count }: ModelSizes) {
  return is.pipe(
    nameOrNumber(['fused', 'all'], count, 'head'),
    is.description('heads fused into one, all of them side by side, or one by its number'),
  );
}

export type Heads = 'fused' | 'all' | number;

/** One head, by its number. */
export function head({ heads: count }: ModelSizes) {
  return is.pipe(
    is.optional(wholeBelow(count, 'head'), 0),
    is.description('head that is looked at, counted from 0'),
  );
}

/** All channels of a head, or one by its number. */
export function channel({ headWidth }: ModelSizes) {
  return is.pipe(
    nameOrNumber(['all'], headWidth, 'channel'),
    is.description('channels of a head, all side by side or one by its number'),
  );
}

/** A patch, by its row and column; the one in the middle if none is named. */
export function patch({ grid: [rows, columns] }: ModelSizes) {
  const extent = rows === any ? '' : ` of the ${rows} x ${columns} there are`;
  const expected = `give row and column of a patch${extent}, counted from 0, such as 0,0`;
  return is.pipe(
    is.optional(is.strictTuple([numbered(rows, expected), numbered(columns, expected)], expected), [
      Math.floor(rows / 2),
      Math.floor(columns / 2),
    ]),
    is.description('row and column of a patch, counted from 0'),
    is.metadata({ typed: 'patch', usual: 'the middle' } satisfies OptionMetadata),
  );
}

export type PatchPosition = readonly [row: number, column: number];

/** How many patches a window is high and wide. */
export function windowSide({ grid }: ModelSizes) {
  const most = Math.min(...grid);
  const expected = `give a whole number of patches from 1${most === any ? '' : ` to ${most}`}`;
  return is.pipe(
    is.optional(
      is.pipe(
        is.number(expected),
        is.integer(expected),
        is.minValue(1, expected),
        is.maxValue(most, expected),
      ),
      1,
    ),
    is.description('height and width of what is taken away together, in patches'),
  );
}

const inHalfOpenUnit = 'give a number from 0 up to, but not including, 1';
export const discardRatio = is.pipe(
  is.optional(
    is.pipe(is.number(inHalfOpenUnit), is.minValue(0, inHalfOpenUnit), is.ltValue(1, inHalfOpenUnit)),
    0,
  ),
  is.description('share of the weakest attention that is dropped in each layer, from 0 up to 1'),
);

/** The layers that take part: a product, a sum or a mean over them is all that a method computes. */
export function layers({ depth }: ModelSizes) {
  const last = depth - 1;
  const expected =
    depth === any
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
    is.metadata({ usual: 'all' } satisfies OptionMetadata),
  );
}

/**
 * One block, by its number.
 * @param usual the one that is taken where none is named
 */
export function block({ depth }: ModelSizes, usual: 'first' | 'last' = 'first') {
  return is.pipe(
    is.optional(wholeBelow(depth, 'block'), usual === 'first' ? 0 : depth - 1),
    is.description('block that is looked at, counted from 0'),
    is.metadata({ usual: `the ${usual}` } satisfies OptionMetadata),
  );
}

export const biases = choice(['with', 'without'], 'whether what biases count is added');

const aCount = 'give a whole number from 1 to 10000';

/** How many of something. */
export function count(usual: number, help: string) {
  return is.pipe(
    is.optional(
      is.pipe(is.number(aCount), is.integer(aCount), is.minValue(1, aCount), is.maxValue(10_000, aCount)),
      usual,
    ),
    is.description(help),
  );
}

const aSeed = 'give a whole number from 0 to 2147483647';
export const seed = is.pipe(
  is.optional(
    is.pipe(is.number(aSeed), is.integer(aSeed), is.minValue(0, aSeed), is.maxValue(2 ** 31 - 1, aSeed)),
    0,
  ),
  is.description('of the random numbers'),
);

const aShare = 'give a number from 0 to 1';
export const noise = is.pipe(
  is.optional(is.pipe(is.number(aShare), is.minValue(0, aShare), is.maxValue(1, aShare)), 0.15),
  is.description("standard deviation of the noise, as a share of the picture's range"),
);

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

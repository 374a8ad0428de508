import { UsageError } from '../errors.js';
import {
  aFunction,
  aNumber,
  anObject,
  aText,
  expectParts,
  listOf,
  wholeNumber,
  type Expectation,
} from '../given.js';
import type { Preprocessing } from '../image/index.js';
import { aGrid } from '../image/given.js';
import { Tensor } from '../tensor/index.js';
import {
  parseOptions,
  unknownDepth,
  type ModelDepth,
  type GivenMethodOptions,
  type MethodOptions,
  type OptionSchemas,
  type Wording,
} from './options.js';
import type { Explained, Pass } from './pass.js';

/** What a map's numbers mean: weights of at least 0, or evidence for (above 0) and against (below). */
export type Shows = 'positive' | 'signed';

/** Where a method comes from. */
export interface Source {
  /** Authors and year, as a table cites them. */
  readonly cited: string;
  readonly title: string;
  readonly url: string;
}

/** What a method takes: any pass, or one together with the class that is explained. */
export type MethodKind = 'pass' | 'class';

/** The pass that a method of a kind takes. */
export type PassOf<What extends MethodKind> = What extends 'class' ? Explained : Pass;

/** What a method says of itself. */
export interface MethodDescription<What extends MethodKind, Schemas extends OptionSchemas> {
  /** In commands, documents and file names. */
  readonly name: string;
  /** What it explains, in a few words. */
  readonly explains: string;
  readonly source: Source;
  /** A map of a pass is the same for every class. */
  readonly of: What;
  readonly options: (model: ModelDepth) => Schemas;
  /** How a picture becomes the input, if not as the model asks for. */
  readonly preprocessing?: (own: Preprocessing) => Preprocessing;
}

/** What `define` makes a method of. MethodOptions are checked and complete. */
export interface MethodDefinition<
  What extends MethodKind,
  Schemas extends OptionSchemas,
> extends MethodDescription<What, Schemas> {
  /** Which options matter, given the others; all if left out. */
  readonly concerns?: (options: MethodOptions<Schemas>) => readonly (keyof Schemas)[];
  /** `positive` if left out. */
  readonly shows?: (options: MethodOptions<Schemas>) => Shows;
  /** One value a patch, raw: `[batch, gridRows, gridColumns]`. */
  readonly map: (pass: PassOf<What>, options: MethodOptions<Schemas>) => Tensor;
}

/** A way of looking, as a value. */
export interface Method<
  What extends MethodKind,
  Schemas extends OptionSchemas,
  Given = GivenMethodOptions<Schemas>,
> extends MethodDescription<What, Schemas> {
  /**
   * The map: one value a patch, raw, before any scaling for display. `[batch, gridRows, gridColumns]`
   * @throws UsageError for options out of range
   * @throws ShapeError if the pass does not fit its layout
   */
  map(pass: PassOf<What>, given?: Given): Tensor;
  shows(given?: Given): Shows;
  /**
   * MethodOptions checked and complete, but those alone that matter.
   * @param wording how options are spoken of towards the person who gave them
   * @throws UsageError that says which option is wrong and what it takes
   */
  parse(
    given: Readonly<Record<string, unknown>>,
    model: ModelDepth,
    wording?: Wording,
  ): Readonly<Record<string, unknown>>;
}

/** Any method, where one is chosen at run time: its options are checked then. */
export type AnyMethod = {
  [What in MethodKind]: Method<What, OptionSchemas, Readonly<Record<string, unknown>>>;
}[MethodKind];

const expectedDefinition: Readonly<Record<string, Expectation>> = {
  name: aText,
  explains: aText,
  source: anObject,
  of: {
    words: "'pass' or 'class'",
    fits: (value): value is MethodKind => value === 'pass' || value === 'class',
  },
  options: aFunction,
  map: aFunction,
};

/** What a list of methods holds. */
export const aMethod: Expectation<AnyMethod> = {
  words: 'a method, such as rollout',
  fits: (value): value is AnyMethod => {
    const { map, parse, options } = Object(value) as Readonly<Record<string, unknown>>;
    return [map, parse, options].every(aFunction.fits);
  },
};

/** @throws UsageError for a model of no depth, such as another object than its configuration */
export function checkDepth(model: unknown): void {
  expectParts('The model', model, { depth: wholeNumber(1) });
}

const passParts: Readonly<Partial<Record<keyof Pass, Expectation>>> = {
  layers: listOf('layers, as forwardPass gives them', anObject),
  query: { words: 'a tensor', fits: (value): value is Tensor => value instanceof Tensor },
  layout: {
    words: '{ prefixTokens, grid }',
    fits: (value): value is Pass['layout'] => {
      const { prefixTokens, grid } = Object(value) as Partial<Pass['layout']>;
      return aNumber.fits(prefixTokens) && aGrid.fits(grid);
    },
  },
};

/** @throws UsageError for what is no pass, or none of a class where one is explained */
function checkPass(method: string, of: MethodKind, pass: unknown): void {
  expectParts(`${method}: the pass`, pass, passParts);
  if (of === 'class' && !aFunction.fits((pass as Partial<Explained>).gradient)) {
    throw new UsageError(
      `${method} explains a class: give it explained(pass, seed) rather than a pass alone.`,
    );
  }
}

/**
 * Makes a method of its parts: options are checked and filled in before they reach its `map`. A line in `methods.ts` is what
 * makes it known everywhere.
 */
export function define<What extends MethodKind, Schemas extends OptionSchemas>(
  definition: MethodDefinition<What, Schemas>,
): Method<What, Schemas> {
  expectParts('define: the method', definition, expectedDefinition);
  const { name, explains, source, of, options, preprocessing, concerns, shows, map } = definition;
  return {
    ...{ name, explains, source, of, options },
    ...(preprocessing === undefined ? {} : { preprocessing }),
    map(pass, given = {}) {
      checkPass(name, of, pass);
      return map(pass, parseOptions(options({ depth: pass.layers.length }), given));
    },
    shows: (given = {}) => shows?.(parseOptions(options(unknownDepth), given)) ?? 'positive',
    parse(given, model, wording) {
      checkDepth(model);
      const all = parseOptions(options(model), given, wording);
      return Object.fromEntries((concerns?.(all) ?? Object.keys(all)).map((key) => [key, all[key]]));
    },
  };
}

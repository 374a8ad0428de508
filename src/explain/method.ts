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
import type { ModelSizes, TokenGeometry } from '../geometry.js';
import type { Preprocessing } from '../image/index.js';
import { aGrid } from '../image/given.js';
import { Tensor, type Values } from '../tensor/index.js';
import {
  parseOptions,
  unknownSizes,
  type GivenMethodOptions,
  type MethodOptions,
  type OptionSchemas,
  type Wording,
} from './options.js';
import type { Explained, Pass } from './pass.js';
import { allSamples, type Samples, type Sampling } from './samples.js';

/**
 * What a map's numbers mean: weights of at least 0; evidence for (above 0) and against (below); levels, of which only
 * differences say something; or what neurons are at, which is no evidence for anything.
 */
export type Shows = 'positive' | 'signed' | 'level' | 'activation';

/** Where a method comes from. */
export interface Source {
  /** Authors and year, as a table cites them. */
  readonly cited: string;
  readonly title: string;
  /** Left out if it was not published. */
  readonly url?: string;
}

/** What a method takes: any pass, or one together with the class that is explained. */
export type MethodKind = 'pass' | 'class';

/** What of a class is explained: its logit, or the logarithm of its probability. */
export type Score = 'logit' | 'log-probability';

/** The pass that a method of a kind takes. */
export type PassOf<What extends MethodKind> = What extends 'class' ? Explained : Pass;

/**
 * What the host makes of the numbers that a method's `map` gives of one picture, if no tensor operation can: the map, one value a
 * patch. It yields wherever it may be interrupted.
 */
export type Finish = (values: Values, layout: TokenGeometry) => Generator<undefined, Values>;

/** What a method says of itself. */
export interface MethodDescription<What extends MethodKind, Schemas extends OptionSchemas> {
  /** In commands, documents and file names. */
  readonly name: string;
  /** What it explains, in a few words. */
  readonly explains: string;
  readonly source: Source;
  /** A map of a pass is the same for every class. */
  readonly of: What;
  readonly options: (model: ModelSizes) => Schemas;
  /** Present if it has backward rules of its own, or takes no gradient; those of all others are taken under the rules of the pass. */
  readonly rules?: 'own' | 'none';
  /** Present if it explains the same of a class whatever is asked. */
  readonly score?: Score;
  /** How a picture becomes the input, if not as the model asks for. */
  readonly preprocessing?: (own: Preprocessing) => Preprocessing;
  /** Present if the host finishes the map: then `map` gives what that takes, `[batch, ...]`. */
  readonly finish?: Finish;
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
  /** Present if the map is a mean over samples, each a pass of its own. */
  readonly sampling?: Sampling<MethodOptions<Schemas>>;
  /** What the whole map should sum to, if that is known: what it lacks is the gap that is told. `[batch]` */
  readonly promises?: (pass: PassOf<What>, options: MethodOptions<Schemas>) => Tensor;
  /**
   * One value a patch, raw: `[batch, gridRows, gridColumns]`; of a view `[batch, maps, gridRows, gridColumns]`.
   * @param samples of a method that is a mean over them: those that it is to be summed over
   */
  readonly map: (pass: PassOf<What>, options: MethodOptions<Schemas>, samples: Samples) => Tensor;
  /**
   * Present if it is a view: no single map, but one for each caption, that are looked at side by side, such as one for each
   * block.
   */
  readonly captions?: (pass: Pass, options: MethodOptions<Schemas>) => readonly string[];
  /** Present if a view also reads, for each caption, what the classifier would say: logits `[batch, maps, classes]`. */
  readonly readings?: (pass: Pass, options: MethodOptions<Schemas>) => Tensor;
  /** Present if a view also reads, for each caption, which class each patch would be taken for: `[batch, maps, patches]`. */
  readonly votes?: (pass: Pass, options: MethodOptions<Schemas>) => Tensor;
  /** Present if it also tells what is no map, by names for people: each `[batch, count]`. */
  readonly numbers?: (
    pass: PassOf<What>,
    options: MethodOptions<Schemas>,
  ) => Readonly<Record<string, Tensor>>;
}

/** A way of looking, as a value. */
export interface Method<
  What extends MethodKind,
  Schemas extends OptionSchemas,
  Given = GivenMethodOptions<Schemas>,
> extends MethodDescription<What, Schemas> {
  /**
   * The map: one value a patch, raw, before any scaling for display. `[batch, gridRows, gridColumns]`; of a view
   * `[batch, maps, gridRows, gridColumns]`.
   * @throws UsageError for options out of range
   * @throws ShapeError if the pass does not fit its layout
   */
  map(pass: PassOf<What>, given?: Given): Tensor;
  /** What each map of a view is of; a method has none that gives a single map. */
  readonly captions?: (pass: Pass, given?: Given) => readonly string[];
  /** What the classifier would say for each caption: logits, `[batch, maps, classes]`. Few views have it. */
  readonly readings?: (pass: Pass, given?: Given) => Tensor;
  /** Which class each patch would be taken for, for each caption: `[batch, maps, patches]`. Few views have it. */
  readonly votes?: (pass: Pass, given?: Given) => Tensor;
  /** What it tells beside its maps, by names for people: each `[batch, count]`. Few methods have it. */
  numbers?(pass: PassOf<What>, given?: Given): Readonly<Record<string, Tensor>>;
  /** Present if it is a mean over samples: how to run it in parts. */
  readonly sampled?: Sampled<What, Given>;
  /**
   * What the whole map should sum to, if that is known. `[batch]`
   * @throws as `map`
   */
  promises?(pass: PassOf<What>, given?: Given): Tensor;
  shows(given?: Given): Shows;
  /**
   * MethodOptions checked and complete, but those alone that matter.
   * @param wording how options are spoken of towards the person who gave them
   * @throws UsageError that says which option is wrong and what it takes
   */
  parse(
    given: Readonly<Record<string, unknown>>,
    model: ModelSizes,
    wording?: Wording,
  ): Readonly<Record<string, unknown>>;
}

/** A mean over samples, part by part. */
export interface Sampled<What extends MethodKind, Given> extends Sampling<Given> {
  /** What these samples contribute to the map. `[batch, gridRows, gridColumns]` */
  part(pass: PassOf<What>, given: Given, samples: Samples): Tensor;
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

const [several, grid] = [wholeNumber(1), listOf('rows and columns', wholeNumber(1))];

/** @throws UsageError for sizes of no model, such as another object */
export function checkSizes(model: unknown): void {
  expectParts('The model', model, { depth: several, heads: several, headWidth: several, grid });
}

/** How many of each part the model of a pass has: looked up where an option depends on it. */
function sizesOfPass({ layers, layout }: Pass): ModelSizes {
  return {
    depth: layers.length,
    grid: layout.grid,
    get heads() {
      return layers[0].query.shape[1];
    },
    get headWidth() {
      return layers[0].query.shape[3];
    },
  };
}

/** Of a method that is no mean over any. */
const noSamples: Samples = {
  get values() {
    return neverSampled();
  },
  get weights() {
    return neverSampled();
  },
};

function neverSampled(): never {
  throw new TypeError('A method without sampling has no samples.');
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
  const { name, explains, source, of, options, rules, score, preprocessing, finish } = definition;
  const { map, captions, readings, votes, numbers, sampling, promises, concerns, shows } = definition;
  type Given = GivenMethodOptions<Schemas>;
  const complete = (pass: Pass, given: Given = {}): MethodOptions<Schemas> =>
    parseOptions(options(sizesOfPass(pass)), given);
  const ofAny = (given: Given): MethodOptions<Schemas> => parseOptions(options(unknownSizes), given);
  const sampled: Sampled<What, Given> | undefined = sampling && {
    count: (given) => sampling.count(ofAny(given)),
    shape: sampling.shape,
    values: (index, size, given) => sampling.values(index, size, ofAny(given)),
    part: (pass, given, samples) => map(pass, complete(pass, given), samples),
  };
  return {
    ...{ name, explains, source, of, options },
    ...(rules === undefined ? {} : { rules }),
    ...(score === undefined ? {} : { score }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    ...(finish === undefined ? {} : { finish }),
    ...(captions && { captions: (pass, given) => captions(pass, complete(pass, given)) }),
    ...(readings && { readings: (pass, given) => readings(pass, complete(pass, given)) }),
    ...(votes && { votes: (pass, given) => votes(pass, complete(pass, given)) }),
    ...(numbers && {
      numbers: (pass: PassOf<What>, given: Given = {}) => numbers(pass, complete(pass, given)),
    }),
    map(pass, given) {
      checkPass(name, of, pass);
      const all = complete(pass, given);
      return map(pass, all, sampling ? allSamples(sampling, pass, all) : noSamples);
    },
    ...(sampled && { sampled }),
    ...(promises && {
      promises: (pass: PassOf<What>, given: Given = {}) => promises(pass, complete(pass, given)),
    }),
    shows: (given = {}) => shows?.(ofAny(given)) ?? 'positive',
    parse(given, model, wording) {
      checkSizes(model);
      const all = parseOptions(options(model), given, wording);
      return Object.fromEntries((concerns?.(all) ?? Object.keys(all)).map((key) => [key, all[key]]));
    },
  };
}

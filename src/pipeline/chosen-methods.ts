import { UsageError } from '../errors.js';
import type { AnyMethod, Wording } from '../explain/index.js';
import { aMethod } from '../explain/method.js';
import { optionsByName } from '../explain/options.js';
import type { ModelSizes } from '../geometry.js';
import { anObject, expectGiven, expectParts, listOf, wholeNumber, type Expectation } from '../given.js';
import type { Preprocessing } from '../image/index.js';
import { sizesOf, type VisionTransformerConfig } from '../models/index.js';
import { checkDefined } from './defined-methods.js';

/** A method with its options, checked and complete. */
export interface ChosenMethod {
  readonly method: AnyMethod;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where there is no method. */
export const nothingChosen = 'There is no method to explain with; choose at least one.';

const someMethods: Expectation<readonly AnyMethod[]> = {
  ...listOf('methods', aMethod),
  words: "a list of methods, such as [rollout] or [findMethod('rollout')]",
};

/** What `chooseMethods` gives. */
export const someChosen: Expectation<readonly ChosenMethod[]> = {
  words: 'a list as chooseMethods gives it',
  fits: (value): value is readonly ChosenMethod[] =>
    Array.isArray(value) &&
    value.every((one: unknown) => {
      const { method, options } = Object(one) as Partial<ChosenMethod>;
      return aMethod.fits(method) && anObject.fits(options);
    }),
};

const several = wholeNumber(1);
const extent: Expectation<number | readonly number[]> = {
  words: 'pixels, or height and width',
  fits: (value): value is number | readonly number[] =>
    several.fits(value) || (Array.isArray(value) && value.length === 2 && value.every(several.fits)),
};

/** What of a configuration options depend on. */
const sized = { depth: several, heads: several, width: several, imageSize: extent, patchSize: extent };

/**
 * Gives each method those of the options that it has.
 * @param given options by name; those left out have their defaults
 * @param config of the model, which has so many blocks and patches to choose from
 * @param wording how options are spoken of towards the person who gave them
 * @throws UsageError if a value is wrong, none of the methods has an option, or one is undefined on the model
 */
export function chooseMethods(
  methods: readonly AnyMethod[],
  given: Readonly<Record<string, unknown>>,
  config: VisionTransformerConfig,
  wording?: Wording,
): readonly ChosenMethod[] {
  expectGiven('chooseMethods: methods', methods, someMethods);
  if (methods.length === 0) throw new UsageError(nothingChosen);
  expectGiven('The object of options', given, optionsByName);
  expectParts('The model', config, sized);
  const model = sizesOf(config);
  checkDefined(methods, config);
  const foreign = Object.keys(given).find((name) => methods.every((method) => !has(method, name, model)));
  if (foreign !== undefined) {
    const names = methods.map(({ name }) => name).join(', ');
    throw new UsageError(
      `${wording?.named(foreign) ?? foreign} is no option of ${names}; leave it out, or choose a method that has it.`,
    );
  }
  return methods.map((method) => {
    const own = Object.entries(given).filter(([name]) => has(method, name, model));
    return { method, options: method.parse(Object.fromEntries(own), model, wording) };
  });
}

function has(method: AnyMethod, option: string, model: ModelSizes): boolean {
  return Object.hasOwn(method.options(model), option);
}

/**
 * How a picture is made ready for the methods: once for all that take it as the model asks for, which comes first, and once
 * for each other way.
 * @param own the model's
 */
export function preprocessingsOf(
  chosen: readonly ChosenMethod[],
  own: Preprocessing,
): readonly Preprocessing[] {
  expectGiven('preprocessingsOf: the list of methods', chosen, someChosen);
  return waysOf(chosen).map((way) => way?.(own) ?? own);
}

/** The distinct ways of making pictures ready; undefined stands for the model's own. */
export function waysOf(chosen: readonly ChosenMethod[]): readonly AnyMethod['preprocessing'][] {
  const others = chosen.map(({ method }) => method.preprocessing).filter((way) => way !== undefined);
  const own = chosen.some(({ method }) => method.preprocessing === undefined) ? [undefined] : [];
  return [...own, ...new Set(others)];
}

import { UsageError } from '../errors.js';
import type { AnyMethod, Extent } from '../explain/index.js';
import type { Preprocessing } from '../image/index.js';

/** A method with its options, checked and complete. */
export interface ChosenMethod {
  readonly method: AnyMethod;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Gives each method those of the options that it has.
 * @param given options by name; those left out have their defaults
 * @param named how an option is called towards the person who gave it
 * @throws UsageError if a value is wrong, or none of the methods has an option
 */
export function chooseMethods(
  methods: readonly AnyMethod[],
  given: Readonly<Record<string, unknown>>,
  extent: Extent,
  named?: (option: string) => string,
): readonly ChosenMethod[] {
  const foreign = Object.keys(given).find((name) => methods.every((method) => !has(method, name, extent)));
  if (foreign !== undefined) {
    const names = methods.map(({ name }) => name).join(', ');
    throw new UsageError(
      `${named?.(foreign) ?? foreign} is no option of ${names}; leave it out, or choose a method that has it.`,
    );
  }
  return methods.map((method) => {
    const own = Object.entries(given).filter(([name]) => has(method, name, extent));
    return { method, options: method.parse(Object.fromEntries(own), extent, named) };
  });
}

function has(method: AnyMethod, option: string, extent: Extent): boolean {
  return Object.hasOwn(method.options(extent), option);
}

/**
 * How a picture is made ready for the methods: once for all that take it as the model asks for, and once for each other
 * way. In the order in which the methods ask for them.
 * @param own the model's
 */
export function preprocessingsOf(
  chosen: readonly ChosenMethod[],
  own: Preprocessing,
): readonly Preprocessing[] {
  return waysOf(chosen).map((way) => way?.(own) ?? own);
}

/** The distinct ways of making pictures ready; undefined stands for the model's own. */
export function waysOf(chosen: readonly ChosenMethod[]): readonly AnyMethod['preprocessing'][] {
  return [...new Set(chosen.map(({ method }) => method.preprocessing))];
}

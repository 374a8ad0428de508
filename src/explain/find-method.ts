import { UsageError } from '../errors.js';
import { described } from '../given.js';
import type { AnyMethod } from './method.js';
import * as all from './methods.js';
import { libra } from './rules/index.js';

/** Every method, by name. */
export const methods: readonly AnyMethod[] = Object.values<AnyMethod>(all).sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** What is taken where none is named. */
export const defaultMethod: AnyMethod = all.rollout;

/** Any method of a class. */
export type ClassMethod = Extract<AnyMethod, { readonly of: 'class' }>;

const prefix = 'libra-';

/**
 * A method with its gradients under the rules `libra`, by the name `libra-NAME`.
 * @returns undefined for one that takes no gradients, or under rules of its own
 */
export function underLibra(method: AnyMethod): ClassMethod | undefined {
  if (method.of !== 'class' || method.rules === 'own') return undefined;
  const map: ClassMethod['map'] = (pass, given) => method.map(pass.under(libra), given);
  return {
    ...method,
    name: prefix + method.name,
    explains: `${method.explains}, under rules that keep sums`,
    map,
  };
}

/** Other names that methods go by: those that papers and tables call them. */
const spellings: Readonly<Record<string, AnyMethod>> = {
  chefer: all.cheferIccv21,
  signed: withOptions('signed', all.gradientRollout, { variant: 'signed' }),
};

/** A method with some of its options settled. */
function withOptions(
  name: string,
  method: ClassMethod,
  settled: Readonly<Record<string, unknown>>,
): ClassMethod {
  const rest = <Value>(options: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(options).filter(([option]) => !Object.hasOwn(settled, option)));
  return {
    ...method,
    name,
    options: (model) => rest(method.options(model)),
    map: (pass, given) => method.map(pass, { ...given, ...settled }),
    shows: (given) => method.shows({ ...given, ...settled }),
    parse: (given, model, wording) => rest(method.parse({ ...given, ...settled }, model, wording)),
  };
}

/**
 * A method by its name, by another one that it goes by, or by either behind `libra-`.
 * @throws UsageError that lists the names there are
 */
export function findMethod(name: string): AnyMethod {
  const bare = new RegExp(`^${prefix}(.+)$`).exec(name)?.[1];
  const found = named(name) ?? (bare === undefined ? undefined : named(bare, underLibra));
  if (!found) {
    const known = methods.map((method) => method.name).join(', ');
    throw new UsageError(
      `There is no method ${described(name)}; choose one of: ${known}; or libra-NAME for a method of a class under other rules.`,
    );
  }
  return found;
}

function named(
  name: string,
  as: (method: AnyMethod) => AnyMethod | undefined = (method) => method,
): AnyMethod | undefined {
  const found =
    methods.find((method) => method.name === name) ??
    (Object.hasOwn(spellings, name) ? spellings[name] : undefined);
  return found && as(found);
}

/** What stands for several methods. */
const groups: Readonly<Record<string, () => readonly AnyMethod[]>> = {
  /** Whatever takes a picture as the model asks for, under either rules: one run of one program. */
  all: () => {
    const own = methods.filter(({ preprocessing }) => preprocessing === undefined);
    return [...own, ...own.map(underLibra).filter((method) => method !== undefined)];
  },
};

/**
 * The methods that a list of names stands for, each once, in its order.
 * @param names separated by commas; `all` stands for every one that needs one run
 * @throws UsageError for a name that is none
 */
export function findMethods(names: string): readonly AnyMethod[] {
  const found = names
    .split(',')
    .map((name) => name.trim())
    .flatMap((name) => (Object.hasOwn(groups, name) ? groups[name]() : [findMethod(name)]));
  return [...new Map(found.map((method) => [method.name, method])).values()];
}

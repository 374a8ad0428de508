import { UsageError } from '../errors.js';
import { described } from '../given.js';
import type { AnyMethod } from './method.js';
import * as all from './methods.js';
import { libra } from './rules/index.js';
import { smooth } from './smooth.js';

/** Every method, by name. */
export const methods: readonly AnyMethod[] = Object.values<AnyMethod>(all).sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** What is taken where none is named: what was looked at, and what spoke for a class and against it. */
export const defaultMethods: readonly AnyMethod[] = [all.rollout, all.recommended];
/** The same of a model without attention matrices, of which neither can be made; the view is for those that ask for no class. */
export const defaultMethodsWithoutAttention: readonly AnyMethod[] = [
  all.tokenGradcam,
  all.skipplus,
  all.tokenNorms,
];
/** And of one without residual connections, which both of the usual ones follow. */
export const defaultMethodsWithoutResiduals: readonly AnyMethod[] = [
  all.attention,
  all.attentionGradient,
  all.tokenGradcam,
];

/** Any method of a class. */
export type ClassMethod = Extract<AnyMethod, { readonly of: 'class' }>;

/** What a name may begin with, and what that makes of the method behind it. */
const prefixes: Readonly<Record<string, (method: AnyMethod) => AnyMethod | undefined>> = {
  'libra-': underLibra,
  'smooth-': smooth,
};

/**
 * A method with its gradients under the rules `libra`, by the name `libra-NAME`.
 * @returns undefined for one that takes no gradients, or under rules of its own
 */
export function underLibra(method: AnyMethod): ClassMethod | undefined {
  if (method.of !== 'class' || method.rules !== undefined) return undefined;
  const { sampled } = method;
  const map: ClassMethod['map'] = (pass, given) => method.map(pass.under(libra), given);
  return {
    // What it promises of plain gradients, it does not of these.
    ...(without('promises', method) as ClassMethod),
    name: `libra-${method.name}`,
    explains: `${method.explains}, under rules that keep sums`,
    rules: 'own',
    map,
    ...(method.numbers && { numbers: (pass, given) => method.numbers!(pass.under(libra), given) }),
    ...(sampled && {
      sampled: { ...sampled, part: (pass, ...part) => sampled.part(pass.under(libra), ...part) },
    }),
  };
}

function without(property: string, value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== property));
}

/** Other names that methods go by: those that papers and tables call them. */
const spellings: Readonly<Record<string, AnyMethod>> = {
  chefer: all.cheferIccv21,
  smoothgrad: smooth(all.inputGradient)!,
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
 * A method by its name, by another one that it goes by, or by either behind `libra-` or `smooth-`.
 * @throws UsageError that lists the names there are
 */
export function findMethod(name: string): AnyMethod {
  const found = named(name);
  if (!found) {
    const known = methods.map((method) => method.name).join(', ');
    throw new UsageError(
      `There is no method ${described(name)}; choose one of: ${known}; or libra-NAME or smooth-NAME for most of these, ` +
        'under other rules or over noisy copies.',
    );
  }
  return found;
}

function named(name: string): AnyMethod | undefined {
  const found = methods.find((method) => method.name === name);
  if (found || typeof name !== 'string') return found;
  if (Object.hasOwn(spellings, name)) return spellings[name];
  for (const [prefix, made] of Object.entries(prefixes)) {
    const inner = name.startsWith(prefix) ? named(name.slice(prefix.length)) : undefined;
    if (inner) return made(inner);
  }
  return undefined;
}

/** Whether it gives maps to be looked at side by side, and no single one. */
export function isView({ captions }: AnyMethod): boolean {
  return captions !== undefined;
}

/** What stands for several methods. */
const groups: Readonly<Record<string, () => readonly AnyMethod[]>> = {
  /** Whatever makes one map of a picture as the model asks for, under either rules: one run of one program. */
  all: () => {
    const own = methods.filter(
      (method) =>
        !isView(method) &&
        [method.preprocessing, method.sampled, method.finish].every((part) => part === undefined),
    );
    return [...own, ...own.map(underLibra).filter((method) => method !== undefined)];
  },
  /** Whatever lets see what happens inside: several maps side by side. */
  views: () => methods.filter(isView),
};

/**
 * The methods that a list of names stands for, each once, in its order.
 * @param names separated by commas; `all` stands for every one that makes one map in one run, `views` for all views
 * @param isDefined whether a method is, on the model: what stands for several leaves out those that are not
 * @throws UsageError for a name that is none
 */
export function findMethods(
  names: string,
  isDefined: (method: AnyMethod) => boolean = () => true,
): readonly AnyMethod[] {
  const given = names.split(',').map((name) => name.trim());
  const found = given.flatMap((name) =>
    Object.hasOwn(groups, name) ? groups[name]().filter(isDefined) : [findMethod(name)],
  );
  return [...new Map(found.map((method) => [method.name, method])).values()];
}

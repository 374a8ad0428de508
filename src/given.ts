import { UsageError, type VitrineError } from './errors.js';

/*
 * JavaScript passes what the types forbid. Where a value comes in from outside it is looked at once, and refused in one
 * sentence: who was given what, and what is expected.
 */

/** What is expected of a value. */
export interface Expectation<T = unknown> {
  /** Behind "expected". */
  readonly words: string;
  readonly fits: (value: unknown) => value is T;
}

/** What was given, in a few words. */
export function described(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return listed(value);
  const kind = kindOf(value);
  if (kind === 'Object') return 'an object';
  return `${/^([AEIO]|U(?!int))/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function listed(values: readonly unknown[]): string {
  const few = values.slice(0, 6).map((value) => (Array.isArray(value) ? 'a list' : described(value)));
  return `[${few.join(', ')}${values.length > few.length ? ', …' : ''}]`;
}

/** `Float32Array`, whatever realm it comes from; the name of its class for an object that has one. */
function kindOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag !== 'Object') return tag;
  const { constructor } = (Object.getPrototypeOf(value) ?? {}) as { constructor?: { name?: string } };
  return constructor?.name || 'Object';
}

/**
 * @param Failure of another family, where that fits better
 * @throws UsageError unless the value is as expected
 */
export function expectGiven<T>(
  what: string,
  value: unknown,
  { words, fits }: Expectation<T>,
  Failure: typeof VitrineError = UsageError,
): asserts value is T {
  if (!fits(value)) throw new Failure(`${what} is ${described(value)}; expected ${words}.`);
}

/** @throws UsageError that names the first of an object's parts that is not as expected */
export function expectParts(
  what: string,
  value: unknown,
  parts: Readonly<Record<string, Expectation>>,
): void {
  const names = Object.keys(parts);
  expectGiven(what, value, {
    words: `an object with ${names.join(', ')}`,
    fits: (given): given is object =>
      (typeof given === 'object' || typeof given === 'function') && given !== null,
  });
  for (const name of names) {
    expectGiven(`${what}: ${name}`, (value as Readonly<Record<string, unknown>>)[name], parts[name]);
  }
}

/** @throws UsageError that names the first option that is not among the known ones */
export function expectNoOther(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`${what}: there is no option "${unknown}"; there is ${known.join(', ')}.`);
}

function isKind(value: unknown, ...kinds: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && kinds.includes(kindOf(value));
}

export const aText: Expectation<string> = {
  words: 'a text',
  fits: (value): value is string => typeof value === 'string',
};

export const aFlag: Expectation<boolean> = {
  words: 'true or false',
  fits: (value): value is boolean => typeof value === 'boolean',
};

export const aFunction: Expectation<(...args: never[]) => unknown> = {
  words: 'a function',
  fits: (value): value is (...args: never[]) => unknown => typeof value === 'function',
};

/** With parts of its own: not a list, a promise or another thing of the language. */
export const anObject: Expectation<object> = {
  words: 'an object',
  fits: (value): value is object => Object.prototype.toString.call(value) === '[object Object]',
};

export const aPromise: Expectation<Promise<unknown>> = {
  words: 'a promise',
  fits: (value): value is Promise<unknown> => isKind(value, 'Promise'),
};

export const aMap: Expectation<ReadonlyMap<unknown, unknown>> = {
  words: 'a Map',
  fits: (value): value is ReadonlyMap<unknown, unknown> => isKind(value, 'Map'),
};

export const aSet: Expectation<ReadonlySet<unknown>> = {
  words: 'a Set',
  fits: (value): value is ReadonlySet<unknown> => isKind(value, 'Set'),
};

export const aNumber: Expectation<number> = {
  words: 'a finite number',
  fits: (value): value is number => Number.isFinite(value),
};

export const notNegative: Expectation<number> = {
  words: 'a finite number of at least 0',
  fits: (value): value is number => aNumber.fits(value) && value >= 0,
};

export const above0: Expectation<number> = {
  words: 'a finite number above 0',
  fits: (value): value is number => aNumber.fits(value) && value > 0,
};

export const atLeast0: Expectation<number> = {
  words: 'a finite number of at least 0',
  fits: (value): value is number => aNumber.fits(value) && value >= 0,
};

export const below1: Expectation<number> = {
  words: 'a number from 0 up to, but not including, 1',
  fits: (value): value is number => atLeast0.fits(value) && value < 1,
};

export const share: Expectation<number> = {
  words: 'a number from 0 to 1',
  fits: (value): value is number => aNumber.fits(value) && value >= 0 && value <= 1,
};

export const bytes: Expectation<Uint8Array> = {
  words: 'a Uint8Array',
  fits: (value): value is Uint8Array => isKind(value, 'Uint8Array', 'Uint8ClampedArray'),
};

/** Of numbers, as devices take and give them. */
export const values: Expectation<Float32Array | Float64Array> = {
  words: 'a Float32Array or Float64Array',
  fits: (value): value is Float32Array | Float64Array => isKind(value, 'Float32Array', 'Float64Array'),
};

export const numbers: Expectation<Float32Array | Float64Array | readonly number[]> = {
  words: `${values.words}, or a list of numbers`,
  fits: (value): value is Float32Array | Float64Array | readonly number[] =>
    values.fits(value) || (Array.isArray(value) && value.every((one) => typeof one === 'number')),
};

export const numberArray: Expectation<ArrayLike<number>> = {
  words: 'an array of numbers',
  fits: (value): value is ArrayLike<number> =>
    (ArrayBuffer.isView(value) && 'length' in value) || (Array.isArray(value) && numbers.fits(value)),
};

export function wholeNumber(least: number, most?: number): Expectation<number> {
  return {
    words: `a whole number ${most ? `from ${least} to ${most}` : `of at least ${least}`}`,
    fits: (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= (most ?? Infinity),
  };
}

export function oneOf<const Name extends string>(names: readonly Name[]): Expectation<Name> {
  return {
    words: `one of: ${names.join(', ')}`,
    fits: (value): value is Name => names.some((name) => name === value),
  };
}

export function optional<T>({ words, fits }: Expectation<T>): Expectation<T | undefined> {
  return { words, fits: (value): value is T | undefined => value === undefined || fits(value) };
}

/** @param members what each member is, in the plural */
export function listOf<T>(members: string, { fits }: Expectation<T>): Expectation<readonly T[]> {
  return {
    words: `a list of ${members}`,
    fits: (value): value is readonly T[] => Array.isArray(value) && value.every(fits),
  };
}

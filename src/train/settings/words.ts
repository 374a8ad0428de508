import * as is from 'valibot';

/** Each setting says in its own words what it takes; the library's are for programmers. */
export const whole = (least: number, most = 2 ** 31 - 1) => {
  const words = `a whole number from ${least} to ${most}`;
  return is.pipe(is.number(words), is.integer(words), is.minValue(least, words), is.maxValue(most, words));
};
const finite = (words: string) => is.pipe(is.number(words), is.finite(words));
const atLeast0 = 'a number of at least 0';
const above0 = 'a number above 0';
const halfOpenUnit = 'a number from 0 up to, but not including, 1';
const above0To1 = 'a number above 0, and at most 1';
const unit = 'a number from 0 to 1';

export const count = whole(1);
/** Height and width; one number if they are equal. */
export const extent = is.union(
  [count, is.strictTuple([count, count])],
  'a whole number from 1, or two in brackets, [height, width]',
);
export const notNegative = is.pipe(finite(atLeast0), is.minValue(0, atLeast0));
export const positive = is.pipe(finite(above0), is.gtValue(0, above0));
export const share = is.pipe(
  is.number(halfOpenUnit),
  is.minValue(0, halfOpenUnit),
  is.ltValue(1, halfOpenUnit),
);
export const upTo1 = is.pipe(is.number(above0To1), is.gtValue(0, above0To1), is.maxValue(1, above0To1));
export const probability = is.pipe(is.number(unit), is.minValue(0, unit), is.maxValue(1, unit));
export const text = is.string('a text in double quotes');
export const flag = is.boolean('true or false');
export const texts = is.array(text, 'a list of texts in brackets, [ ... ]');

/** From and to. */
export const range = is.pipe(
  is.strictTuple([positive, positive], 'two numbers in brackets, [ ... ]'),
  is.check(([low, high]) => low <= high, 'two numbers, the smaller one first'),
);

/** A list is an object, too, to the library. */
export const settings = <const Entries extends is.ObjectEntries>(entries: Entries) =>
  is.pipe(
    is.custom<object>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'settings in braces, { ... }',
    ),
    is.strictObject(entries),
  );

/** A setting, and what its table says of it. */
export const told = <const Schema extends is.GenericSchema>(schema: Schema, help: string) =>
  is.pipe(schema, is.description(help));

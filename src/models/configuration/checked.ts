import * as is from 'valibot';
import { UsageError } from '../../errors.js';

/*
 * Configurations are other people's files: what they hold is checked before it is used, and what is wrong is told by its
 * name.
 */

export const count = is.pipe(is.number(), is.integer(), is.minValue(0));
export const size = is.pipe(is.number(), is.integer(), is.minValue(1), is.maxValue(2 ** 20));
/** Height and width; one number if they are equal. */
export const extent = is.union([size, is.tuple([size, size])]);

/**
 * A part of a configuration as it is expected; what is not asked for is left out, unless the schema is strict.
 * @param source where it was found, for messages
 * @throws UsageError that names the entry and what it holds
 */
export function checked<Schema extends is.GenericSchema>(
  schema: Schema,
  given: unknown,
  source: string,
): is.InferOutput<Schema> {
  const result = is.safeParse(schema, given);
  if (result.success) return result.output;
  const [{ path }] = result.issues;
  const name = path?.map(({ key }) => String(key)).join('.') ?? 'the whole of it';
  const value = path ? path.at(-1)?.value : given;
  throw new UsageError(
    value === undefined
      ? `${source} has no ${name}, which is needed.`
      : `${source}: ${name} is ${shown(value)}, which is not supported.`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

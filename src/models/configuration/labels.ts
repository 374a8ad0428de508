import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';

/** A list, or a table by index. */
export const names = is.union([is.array(is.string()), is.record(is.string(), is.string())]);

export type Names = is.InferOutput<typeof names>;

/**
 * Names of classes by index; undefined if some have none, or all are called by their number, as transformers does where
 * nobody named them.
 */
export function namesByIndex(given: Names | undefined, classes: number): readonly string[] | undefined {
  if (given === undefined || classes === 0) return undefined;
  const table = new Map(Object.entries(given));
  // Counted before a list is made: the number of classes is another file's, and may be any.
  if (table.size < classes) return undefined;
  const list = Array.from({ length: classes }, (_, index) => table.get(String(index)) ?? '');
  if (list.includes('')) return undefined;
  return list.every((name, index) => name === `LABEL_${index}`) ? undefined : list;
}

/** What files of class names are in use: what each holds under a class, or what class it gives under a name. */
const schema = is.union([
  is.array(is.string()),
  is.record(is.string(), is.string()),
  // An identifier and the name, as Keras writes them.
  is.record(is.string(), is.pipe(is.array(is.string()), is.minLength(1))),
  // By name, as torchvision's folders of pictures count their classes.
  is.record(is.string(), is.pipe(is.number(), is.integer())),
]);

/**
 * Names of classes by index, from a file: one a line; or JSON, which is a list, a table of names by index, or a table of
 * indices by name.
 * @param source the file, for messages
 * @throws UsageError if there is not one name for each class
 */
export function parseLabels(text: string, classes: number, source: string): readonly string[] {
  const found = /^\s*[[{]/.test(text) ? fromJson(text, source) : fromLines(text);
  const last = Math.max(found.size, ...[...found.keys()].map((index) => index + 1));
  if (last !== classes) {
    throw new UsageError(
      `${source} names ${last} ${last === 1 ? 'class' : 'classes'}, and the model has ${classes}; give a file with one name for each.`,
    );
  }
  return Array.from({ length: classes }, (_, index) => {
    const name = found.get(index)?.trim();
    if (name) return name;
    throw new UsageError(`${source} has no name for class ${index}; give a file with one name for each.`);
  });
}

function fromLines(text: string): ReadonlyMap<number, string> {
  return new Map(text.trimEnd().split(/\r?\n/).entries());
}

function fromJson(text: string, source: string): ReadonlyMap<number, string> {
  const json = parseJson(text);
  if ('complaint' in json) throw new UsageError(`${source} is no JSON: ${json.complaint}.`);
  const result = is.safeParse(schema, json.value);
  if (!result.success) {
    throw new UsageError(
      `${source} holds no names of classes; expected one a line, or JSON: a list, or a table of names by index, or of indices by name.`,
    );
  }
  const entries = Object.entries(result.output as Record<string, string | readonly string[] | number>);
  return new Map(
    entries.map(([key, value]) =>
      typeof value === 'number'
        ? [value, key]
        : [Number(key), typeof value === 'string' ? value : value.at(-1)!],
    ),
  );
}

import * as is from 'valibot';

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
  const list = Array.from({ length: classes }, (_, index) => table.get(String(index)) ?? '');
  if (list.includes('')) return undefined;
  return list.every((name, index) => name === `LABEL_${index}`) ? undefined : list;
}

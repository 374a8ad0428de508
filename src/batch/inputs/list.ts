import { dirname, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { readText } from '../../node/files/text.js';
import type { Item, Surroundings } from './item.js';
import { addressOf, isAddress } from './address.js';

/** Names that the column of paths may have, and that of classes. */
const columns = {
  path: ['path', 'file', 'filename', 'file_name', 'image', 'picture'],
  class: ['class', 'label', 'target'],
};

/**
 * The pictures of a list, one path a line; empty lines and those that begin with `#` are left out. Relative paths begin at the
 * list's folder.
 * @throws UsageError if it cannot be read or names nothing
 */
export async function itemsOfList(path: string, surroundings: Surroundings): Promise<Item[]> {
  const lines = (await readText(path)).replace(/^\ufeff/, '').split(/\r?\n/);
  const named = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (named.length === 0) throw new UsageError(`The list ${path} names no picture; write a path a line.`);
  return named.map((line) => itemOf(line, path, surroundings));
}

/**
 * The pictures of a table with a header: a column of paths, and if there is one, a column of classes.
 * @throws UsageError if it cannot be read, is no CSV, or has no column of paths
 */
export async function itemsOfCsv(path: string, surroundings: Surroundings): Promise<Item[]> {
  const text = (await readText(path)).replace(/^\ufeff/, '');
  const { parse } = await import('csv-parse/sync');
  const rows = parsed(path, () => parse(text, { skip_empty_lines: true, trim: true }));
  const [header = [], ...body] = rows;
  const [paths, classes] = [columns.path, columns.class].map((names) =>
    header.findIndex((name) => names.includes(name.toLowerCase())),
  );
  if (paths < 0) {
    throw new UsageError(
      `The table ${path} has no column of paths; call one of them ${columns.path.join(', ')}, and one of classes ${columns.class.join(', ')}.`,
    );
  }
  if (body.length === 0) throw new UsageError(`The table ${path} has a header and no picture.`);
  return body.map((row) => {
    const item = itemOf(row[paths], path, surroundings);
    const given = classes < 0 ? '' : row[classes];
    return given === '' ? item : { ...item, class: given };
  });
}

function parsed(path: string, parse: () => unknown): readonly (readonly string[])[] {
  try {
    return parse() as readonly (readonly string[])[];
  } catch (error) {
    const [why] = (error as Error).message.split('\n', 1);
    throw new UsageError(`The table ${path} is no CSV: ${why.replace(/\.$/, '')}.`, { cause: error });
  }
}

function itemOf(text: string, list: string, { relative }: Surroundings): Item {
  if (isAddress(text)) return { name: text, place: addressOf(text) };
  const path = resolve(dirname(list), text);
  return { name: relative(path), place: { kind: 'file', path } };
}

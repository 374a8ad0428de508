import type { Format } from '../plan.js';
import { placeInArrays, writeArrays } from './arrays.js';
import { jsonLines } from './json-table.js';
import { parquet } from './parquet-table.js';
import type { Parts } from './parts.js';
import { isFailed } from './record.js';
import type { Row } from './row.js';
import type { Pieces, Shelf } from './shelf.js';

/** A picture in the order of the batch, and what its result is called; or why it could not even be read. */
export interface Entry {
  readonly name: string;
  /** The class that a list gives for it. */
  readonly class?: string;
  readonly key?: string;
  readonly failure?: string;
}

/** What a table is made of: it depends on the entries and their results alone, and neither on who made these nor when. */
export interface TableContent {
  readonly entries: readonly Entry[];
  readonly parts: Parts;
  readonly formats: readonly Format[];
  /** What the maps of a picture are called, in their order. */
  readonly maps: readonly string[];
}

type Rows = AsyncIterable<readonly Row[]>;

/** Tables by the formats that are one. */
const tables: Partial<
  Record<Format, { readonly name: string; readonly write: (rows: Rows, maps: readonly string[]) => Pieces }>
> = {
  json: { name: 'table.jsonl', write: jsonLines },
  parquet: { name: 'table.parquet', write: parquet },
};

/** What tables may be called. */
export const tableNames: readonly string[] = Object.values(tables).map(({ name }) => name);

/**
 * Writes what was asked for of all pictures, each of which must have its result.
 * @returns names of the tables, below the folder for the results
 * @throws UsageError if a file cannot be written
 */
export async function writeTables(content: TableContent, shelf: Shelf): Promise<readonly string[]> {
  if (content.formats.includes('npy')) await writeArrays(rowsOf(content), shelf);
  const asked = content.formats.flatMap((format) => tables[format] ?? []);
  for (const { name, write } of asked) await shelf.write(name, write(rowsOf(content), content.maps));
  return asked.map(({ name }) => name);
}

/** Rows that are in memory at once. */
const GROUP = 1000;

async function* rowsOf({ entries, parts, formats }: TableContent): Rows {
  const isArrayed = formats.includes('npy');
  let explained = 0;
  for (let first = 0; first < entries.length; first += GROUP) {
    const rows: Row[] = [];
    for (const { name, class: given, key, failure } of entries.slice(first, first + GROUP)) {
      const record = key === undefined ? { failure: failure ?? '' } : (await parts.get(key))!;
      const isDone = 'key' in record && !isFailed(record);
      rows.push({
        picture: name,
        given,
        record,
        array: isDone && isArrayed ? placeInArrays(explained) : undefined,
      });
      if (isDone) explained++;
    }
    yield rows;
  }
}

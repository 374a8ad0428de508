import type { Pieces } from './shelf.js';
import { failureInWords } from './record.js';
import { toldMap, type Row } from './row.js';

/** The table as JSON, a line a picture. */
export async function* jsonLines(rows: AsyncIterable<readonly Row[]>): Pieces {
  for await (const group of rows) yield group.map((row) => `${JSON.stringify(lineOf(row))}\n`).join('');
}

function lineOf({ picture, given, record, array }: Row): unknown {
  const named = { picture, ...(given === undefined ? {} : { class: given }) };
  if ('failure' in record) return { ...named, error: failureInWords(record, picture) };
  const { key, width, height, note, predictions, maps } = record;
  return {
    ...named,
    key,
    width,
    height,
    ...(note === undefined ? {} : { note }),
    predictions,
    maps: maps.map(toldMap),
    ...(array === undefined ? {} : { array }),
  };
}

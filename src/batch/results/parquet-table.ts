import type { ColumnSource } from 'hyparquet-writer';
import type { Pieces } from './shelf.js';
import { failureInWords, PREDICTIONS, type Explained } from './record.js';
import type { Row } from './row.js';

type Kind = 'STRING' | 'INT32' | 'DOUBLE';
type Cell = string | number | null | undefined;

/** A column that has nothing to do with how many classes and maps there are. */
type Column = readonly [name: string, kind: Kind, of: (row: Row) => Cell];

const ofExplained =
  (of: (record: Explained) => Cell) =>
  ({ record }: Row): Cell =>
    'failure' in record ? null : of(record);

const common: readonly Column[] = [
  ['picture', 'STRING', ({ picture }) => picture],
  ['class', 'STRING', ({ given }) => given],
  ['key', 'STRING', ofExplained(({ key }) => key)],
  ['width', 'INT32', ofExplained(({ width }) => width)],
  ['height', 'INT32', ofExplained(({ height }) => height)],
  ['note', 'STRING', ofExplained(({ note }) => note)],
  [
    'error',
    'STRING',
    ({ picture, record }) => ('failure' in record ? failureInWords(record, picture) : null),
  ],
  ['array', 'STRING', ({ array }) => array?.file],
  ['array_row', 'INT32', ({ array }) => array?.row],
];

function predictionColumns(): readonly Column[] {
  return Array.from({ length: PREDICTIONS }, (_, rank): readonly Column[] => {
    const of = (what: 'index' | 'label' | 'probability') =>
      ofExplained(({ predictions }) => predictions.at(rank)?.[what]);
    return [
      [`class_${rank + 1}`, 'INT32', of('index')],
      [`label_${rank + 1}`, 'STRING', of('label')],
      [`probability_${rank + 1}`, 'DOUBLE', of('probability')],
    ];
  }).flat();
}

/** Columns of a map, by its place among those of a picture, which is the same in all pictures. */
function mapColumns(name: string, place: number): readonly Column[] {
  type Told = Explained['maps'][number];
  const of = (told: (map: Told) => Cell) =>
    ofExplained(({ maps }) => {
      const map = maps.at(place);
      return map && told(map);
    });
  return [
    [`${name}_class`, 'INT32', of((map) => map.class)],
    [`${name}_target`, 'STRING', of((map) => map.target)],
    [`${name}_minimum`, 'DOUBLE', of((map) => map.minimum)],
    [`${name}_maximum`, 'DOUBLE', of((map) => map.maximum)],
    [`${name}_mean`, 'DOUBLE', of((map) => map.mean)],
    [`${name}_deviation`, 'DOUBLE', of((map) => map.deviation)],
    [`${name}_peak_row`, 'INT32', of((map) => map.peak[0])],
    [`${name}_peak_column`, 'INT32', of((map) => map.peak[1])],
    [`${name}_half`, 'DOUBLE', of((map) => map.half)],
    [`${name}_file`, 'STRING', of((map) => map.file)],
    [`${name}_note`, 'STRING', of((map) => map.note)],
  ];
}

/**
 * The table as Parquet: a row a picture, what there is several times in columns of their own, such as `rollout_mean`.
 * @param maps what the maps of a picture are called, in their order
 */
export async function* parquet(rows: AsyncIterable<readonly Row[]>, maps: readonly string[]): Pieces {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const columns = [...common, ...predictionColumns(), ...maps.flatMap(mapColumns)];
  const columnsOf = (group: readonly Row[]): ColumnSource[] =>
    columns.map(([name, type, of]) => ({
      name,
      type,
      nullable: true,
      data: group.map((row) => of(row) ?? null),
    }));
  const writer = new ByteWriter();
  const table = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columnsOf([]) }) });
  // The writer counts on from the beginning of the file, whatever is taken from its buffer meanwhile.
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  for await (const group of rows) {
    await table.write({ columnData: columnsOf(group) });
    yield taken();
  }
  await table.finish();
  yield taken();
}

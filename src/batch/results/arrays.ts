import { writeNpy } from '../../models/index.js';
import type { Explained } from './record.js';
import type { ArrayPlace, Row } from './row.js';
import type { Shelf } from './shelf.js';

/** Pictures of an array: fewer files than pictures, each small enough to be held. */
const MOST_PICTURES = 1000;

/** Where the maps of a picture are. @param position among the pictures that were explained */
export function placeInArrays(position: number): ArrayPlace {
  const file = `maps/${String(Math.floor(position / MOST_PICTURES)).padStart(5, '0')}.npy`;
  return { file, row: position % MOST_PICTURES };
}

/**
 * Writes the maps of all pictures as arrays of NumPy's, `[pictures, maps, rows, columns]`, in the order of the table.
 * @throws UsageError if one cannot be written
 */
export async function writeArrays(rows: AsyncIterable<readonly Row[]>, shelf: Shelf): Promise<void> {
  let held: Held | undefined;
  for await (const group of rows) {
    for (const { record, array } of group) {
      if (!array || 'failure' in record) continue;
      if (held && held.file !== array.file) await write(held, shelf);
      if (held?.file !== array.file) held = { file: array.file, grid: record.maps[0].grid, pictures: [] };
      held.pictures.push(numbersOf(record));
    }
  }
  if (held) await write(held, shelf);
}

/** The maps of pictures that share a file. */
interface Held {
  readonly file: string;
  readonly grid: readonly number[];
  readonly pictures: Float32Array[];
}

function numbersOf({ maps }: Explained): Float32Array {
  const bytes = Buffer.concat(maps.map(({ values = '' }) => Buffer.from(values, 'base64')));
  const numbers = new Float32Array(bytes.length / 4);
  Buffer.from(numbers.buffer).set(bytes);
  return numbers;
}

async function write({ file, grid, pictures }: Held, shelf: Shelf): Promise<void> {
  const size = pictures[0].length;
  const all = new Float32Array(pictures.length * size);
  pictures.forEach((numbers, row) => {
    all.set(numbers, row * size);
  });
  await shelf.write(file, writeNpy([pictures.length, size / (grid[0] * grid[1]), ...grid], all));
}

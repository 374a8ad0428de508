import { UsageError } from '../../errors.js';
import type { Entry } from './tables.js';
import type { Shelf } from './shelf.js';

/** The pictures of a batch that was handed to a queue, in their order. */
const NAME = 'pictures.jsonl';

export async function writeManifest(shelf: Shelf, entries: readonly Entry[]): Promise<void> {
  await shelf.write(NAME, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

/** @throws UsageError if there is none */
export async function readManifest(shelf: Shelf): Promise<readonly Entry[]> {
  const bytes = await shelf.read(NAME);
  if (bytes === undefined) {
    throw new UsageError(
      `Nothing was submitted with --out ${shelf.place}; of a batch without a queue, the same command writes the table.`,
    );
  }
  const lines = bytes.toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Entry);
}

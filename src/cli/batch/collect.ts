import { aboutAt } from '../../batch/results/about.js';
import { readManifest } from '../../batch/results/manifest.js';
import { Parts } from '../../batch/results/parts.js';
import { failureInWords } from '../../batch/results/record.js';
import { shelfAt } from '../../batch/results/shelf.js';
import { writeTables } from '../../batch/results/tables.js';
import { UsageError } from '../../errors.js';
import { complain, tell } from '../legible.js';
import { placeIn } from './batch.js';
import { placeOfResults } from './options.js';

/**
 * Writes the table of a batch that was worked on by others.
 * @returns the exit status: 0, 1 if some pictures failed
 * @throws UsageError if some have no result yet
 */
export async function collect({ out }: { readonly out: string }): Promise<number> {
  const shelf = shelfAt(await placeOfResults(out));
  const about = await aboutAt(shelf);
  if (!about) throw new UsageError(`There are no results of a batch in ${out}.`);
  const entries = await readManifest(shelf);
  const parts = await Parts.open(shelf);
  const missing = entries.filter(
    ({ key }) => key !== undefined && !parts.has(key) && parts.failureOf(key) === undefined,
  );
  if (missing.length > 0) {
    const hint =
      parts.damaged === 0
        ? ''
        : ` (${parts.damaged} files of results were damaged; submit the batch once more)`;
    throw new UsageError(
      `${missing.length} of ${entries.length} pictures have no result yet, such as ${missing[0].name}${hint}; "vitrine batch status" tells how far the queue is.`,
    );
  }
  const failures = entries.flatMap(({ name, key, failure }) => {
    const why = failure ?? (key === undefined ? undefined : parts.failureOf(key));
    return why === undefined ? [] : [failureInWords({ failure: why }, name)];
  });
  for (const failure of failures) complain(failure);
  const { plan, maps } = about;
  const tables = await writeTables({ entries, parts, formats: plan.formats, maps }, shelf);
  tell(`written: ${tables.map((name) => placeIn(shelf, name)).join(', ')}`);
  if (failures.length > 0)
    complain(`${failures.length} of ${entries.length} pictures could not be explained.`);
  return failures.length === 0 ? 0 : 1;
}

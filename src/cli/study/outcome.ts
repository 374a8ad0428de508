import { join } from 'node:path';
import * as is from 'valibot';
import { UsageError, WeightsError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { readTextIfThere } from '../../node/files/text.js';
import { writeFileAtomically } from '../../node/index.js';
import { toPerson } from '../paths.js';
import { folderOf, nameOf, type StudyOptions } from './options.js';
import type { PlannedRun } from './plan.js';

const figures = { accuracy: is.number(), recall: is.number(), precision: is.number(), f1: is.number() };

const schema = is.object({
  schema: is.literal('vitrine-study-run-1'),
  /** How it was trained. */
  recipe: is.record(is.string(), is.unknown()),
  parameters: is.number(),
  /** That the training took. */
  seconds: is.number(),
  train: is.object({ ...figures, auc: is.nullable(is.number()) }),
  test: is.object({ ...figures, auc: is.nullable(is.number()), smm: is.nullable(is.number()) }),
});

/** What a run has come to. */
export type Outcome = is.InferOutput<typeof schema>;

/** Of a run's files, the one that says that it is done. */
const fileName = 'run.json';

/**
 * What a run has come to, if it is finished.
 * @throws UsageError if it was another training
 */
export async function outcomeOf(options: StudyOptions, run: PlannedRun): Promise<Outcome | undefined> {
  const path = join(folderOf(options, run), fileName);
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  const json = parseJson(text);
  const result = is.safeParse(schema, 'value' in json ? json.value : undefined);
  if (!result.success) {
    throw new WeightsError(
      `"${path}" is not what a run of a study leaves; remove its folder, and it is run again.`,
    );
  }
  if (JSON.stringify(result.output.recipe) !== JSON.stringify(run.recipe)) {
    throw new UsageError(
      `The run ${nameOf(run)} in ${toPerson(options.folder)} was made with another configuration; name another folder with --out, or ` +
        'remove the folder of the run.',
    );
  }
  return result.output;
}

export async function writeOutcome(
  folder: string,
  run: PlannedRun,
  found: Omit<Outcome, 'schema' | 'recipe'>,
): Promise<void> {
  const outcome = { schema: 'vitrine-study-run-1', recipe: run.recipe, ...found };
  await writeFileAtomically(join(folder, fileName), `${JSON.stringify(outcome, null, 2)}\n`);
}

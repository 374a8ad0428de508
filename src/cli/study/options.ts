import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../../errors.js';
import { failureInWords, type DataRequest } from '../../node/index.js';
import { checkDevice, notEmpty } from '../explain-options.js';
import { fromPerson, refuseUnfaithful } from '../paths.js';
import { countOf } from '../train-options.js';
import { parseStudy, type PlannedRun, type StudyPlan } from './plan.js';

/** What commander collects for `study`, as typed. */
export interface RawStudyOptions {
  readonly config: string;
  readonly out?: string;
  readonly processes: string;
  readonly only?: string;
  readonly table?: boolean;
  readonly device: string;
  readonly adapter?: string;
  readonly threads: string;
}

/** The same, checked, with absolute paths. */
export interface StudyOptions {
  readonly plan: StudyPlan;
  /** The file of the configuration, from whose folder paths begin. */
  readonly config: string;
  readonly folder: string;
  readonly processes: number;
  readonly only: PlannedRun | undefined;
  readonly table: boolean;
  readonly device: ReturnType<typeof checkDevice>;
}

/** @throws UsageError that says which option or setting is wrong and what it takes */
export async function checkStudyOptions(raw: RawStudyOptions): Promise<StudyOptions> {
  const device = checkDevice(raw);
  const processes = countOf('--processes', raw.processes);
  const config = fromPerson(notEmpty('--config', raw.config));
  await refuseUnfaithful('--config', config);
  const text = await readFile(config, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read the configuration "${config}": ${failureInWords(error)}.`, {
      cause: error,
    });
  });
  const plan = parseStudy(text, config);
  const folder = fromPerson(raw.out === undefined ? join('training', plan.name) : notEmpty('--out', raw.out));
  await refuseUnfaithful('--out', folder);
  const { table = false } = raw;
  if (table && raw.only !== undefined)
    throw new UsageError('--table runs nothing, and --only one run; leave out one of them.');
  return {
    plan,
    config,
    folder,
    processes,
    only: raw.only === undefined ? undefined : runOf(plan, raw.only),
    table,
    device,
  };
}

function runOf({ runs }: StudyPlan, only: string): PlannedRun {
  const found = runs.find((run) => only === nameOf(run));
  if (found) return found;
  throw new UsageError(
    `--only does not know the run "${only}"; name a variation and a seed, such as ${nameOf(runs[0])} or ${nameOf(runs.at(-1)!)}.`,
  );
}

/** What a run is called. */
export function nameOf({ name, seed }: PlannedRun): string {
  return `${name}/${seed}`;
}

/** Where a run's files are. */
export function folderOf({ folder }: Pick<StudyOptions, 'folder'>, run: PlannedRun): string {
  return join(folder, 'runs', run.name, `seed-${run.seed}`);
}

/** What a run learns from and is measured on. */
export function requestOf({ config }: Pick<StudyOptions, 'config'>, { recipe }: PlannedRun): DataRequest {
  return { recipe, folder: dirname(config), source: config };
}

import { join } from 'node:path';
import { DataError } from '../../errors.js';
import { encodePng, writeFilesAtomically } from '../../node/index.js';
import { rasterise, studyPage, studyPanel, type StudyContent } from '../../report/index.js';
import { openDevice } from '../device.js';
import { addressOf } from '../pages.js';
import { Interruption, type Interrupted } from '../interruption.js';
import { complain, tell } from '../legible.js';
import { toPerson } from '../paths.js';
import { makeFolder, removeIfEmpty } from '../results-folder.js';
import { checkStudyOptions, nameOf, type RawStudyOptions, type StudyOptions } from './options.js';
import { outcomeOf } from './outcome.js';
import { drawnMaps, mapsOf, shownPictures } from './pictures.js';
import type { PlannedRun } from './plan.js';
import { runAll, type EndedRun } from './processes.js';
import { runOne } from './run.js';
import {
  figureInWords,
  measureNames,
  rowsOf,
  runsCsv,
  seedsInWords,
  studyCsv,
  studyMarkdown,
  type FinishedRun,
} from './table.js';

/**
 * Does the runs of a study that are not finished yet, and compares all that are.
 * @returns the exit status: 0, 1 if runs failed, a shell's if it was interrupted; what is finished is then kept, and gone on with
 * @throws UsageError for a configuration that cannot be, or a folder of another study
 */
export async function study(raw: RawStudyOptions): Promise<number> {
  const options = await checkStudyOptions(raw);
  if (options.only) return runOne(options, options.only);
  const { plan, folder, table } = options;
  const shown = await shownPictures(options);
  const before = await finishedRuns(options);
  const isDone = (run: PlannedRun): boolean => before.some((one) => one.run === run);
  if (table && before.length === 0) {
    throw new DataError(
      'No run of the study is finished, so there is nothing to compare yet; leave out --table.',
    );
  }
  const missing = table ? [] : plan.runs.filter((run) => !isDone(run));
  const made = await makeFolder(folder);
  tell(`study   ${plan.name}: ${plan.runs.length} runs, ${before.length} of them finished`);
  tell(`files   ${toPerson(folder)}`);
  const failed: EndedRun[] = [];
  const interruption = new Interruption('stopping after this step of each run.');
  try {
    await runAll(
      options,
      missing,
      (run) => {
        tell(`begins  ${nameOf(run)}`);
      },
      async (end) => {
        const outcome = end.status === 0 ? await outcomeOf(options, end.run) : undefined;
        if (outcome) tell(`done    ${nameOf(end.run)}: ${inWords({ run: end.run, outcome })}`);
        else if (!interruption.signal.aborted) {
          complain(`${nameOf(end.run)} has failed: ${end.complaint}`);
          failed.push(end);
        }
      },
      interruption.signal,
    );
    if (interruption.signal.aborted) return (interruption.signal.reason as Interrupted).status;
    const finished = await finishedRuns(options);
    if (finished.length > 0) await compare(options, finished, shown);
    return failed.length > 0 ? 1 : 0;
  } finally {
    interruption.stop();
    await removeIfEmpty(made);
  }
}

async function finishedRuns(options: StudyOptions): Promise<FinishedRun[]> {
  const found: FinishedRun[] = [];
  for (const run of options.plan.runs) {
    const outcome = await outcomeOf(options, run);
    if (outcome) found.push({ run, outcome });
  }
  return found;
}

function inWords({ outcome: { test, seconds } }: FinishedRun): string {
  const smm = test.smm === null ? '' : `, SMM ${test.smm.toFixed(3)}`;
  return `accuracy ${(100 * test.accuracy).toFixed(1)} %${smm}, ${Math.round(seconds)} s`;
}

/** Writes the table in all its forms. */
async function compare(
  options: StudyOptions,
  finished: readonly FinishedRun[],
  shown: Awaited<ReturnType<typeof shownPictures>>,
): Promise<void> {
  const { plan, folder, device } = options;
  const rows = rowsOf(plan, finished);
  const { backend } = await openDevice(device);
  try {
    const drawn: StudyContent['rows'][number][] = [];
    for (const row of rows) {
      // That of the first seed, as everywhere.
      const { run } = finished.find((one) => one.run.name === row.name)!;
      drawn.push({
        name: row.name,
        figures: measureNames.map((measure) => figureInWords(row.figures[measure])),
        pictures: await mapsOf(options, run, shown, backend),
      });
    }
    const content: StudyContent = {
      title: `${plan.name}: ${seedsInWords(plan, rows)}`,
      notes: [
        'Figures are of pictures that were not learned from, if nothing else is said: means over the seeds, \u00b1 their deviation. SMM is the ' +
          'share of the saliency that lies on the object.',
        'Maps are of the first seed, each from its own smallest value to its own largest.',
      ],
      columns: measureNames,
      maps: drawnMaps,
      rows: drawn,
    };
    await writeFilesAtomically([
      { path: join(folder, 'study.csv'), data: studyCsv(rows) },
      { path: join(folder, 'runs.csv'), data: runsCsv(finished) },
      { path: join(folder, 'study.md'), data: studyMarkdown(rows) },
      { path: join(folder, 'study.png'), data: encodePng(rasterise(studyPanel(content))) },
      { path: join(folder, 'study.html'), data: studyPage(content, addressOf) },
    ]);
    tell(
      `table   ${toPerson(join(folder, 'study.csv'))}, and as .md, .png and .html: ${seedsInWords(plan, rows)}`,
    );
  } finally {
    backend.destroy();
  }
}

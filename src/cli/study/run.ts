import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parameterCount } from '../../models/index.js';
import { loadModel, openParts, TrainingFiles } from '../../node/index.js';
import { openDevice } from '../device.js';
import { tell } from '../legible.js';
import { worthOf } from '../testing/classifier.js';
import { worthDocument, worthFile } from '../testing/worth-in-words.js';
import { trainAs } from '../train.js';
import { folderOf, nameOf, requestOf, type StudyOptions } from './options.js';
import { outcomeOf, writeOutcome, type Outcome } from './outcome.js';
import type { PlannedRun } from './plan.js';

/**
 * Does one run of a study, or goes on with it: trains, and measures on what was learned from and on what was not.
 * @returns the exit status, as of `train`
 */
export async function runOne(options: StudyOptions, run: PlannedRun): Promise<number> {
  stopWithParent();
  if (await outcomeOf(options, run)) {
    tell(`${nameOf(run)} is finished`);
    return 0;
  }
  const { device } = options;
  const folder = folderOf(options, run);
  const files = new TrainingFiles(folder);
  const status = await trainAs({
    ...{ device, folder, request: requestOf(options, run), workers: 1 },
    ...{ foundation: undefined, classes: undefined },
    resume: files.exist() ? 'last' : undefined,
  });
  if (status === 0) await measure(options, run, files);
  return status;
}

async function measure(options: StudyOptions, run: PlannedRun, files: TrainingFiles): Promise<void> {
  const folder = folderOf(options, run);
  const loaded = await loadModel({ name: files.model });
  const classes = loaded.labels.map((_, index) => index);
  const { train } = await openParts(requestOf(options, run));
  const { backend } = await openDevice(options.device);
  try {
    // Without masks: where the saliency lies is measured on what was not learned from.
    const pictures = {
      labels: train.labels,
      name: (index: number) => train.name(index),
      picture: (index: number) => train.picture(index),
    };
    const worth = (await worthOf(loaded, backend, { pictures, classes }))!;
    const about = { model: loaded.name, data: run.recipe.data.set, labels: loaded.labels };
    // Training has left what it is worth on the others.
    const test = JSON.parse(await readFile(join(folder, worthFile), 'utf8')) as ReturnType<
      typeof worthDocument
    >;
    await writeOutcome(folder, run, {
      parameters: parameterCount(loaded.model.config),
      seconds: (await files.read('last')).log.at(-1)!.seconds,
      train: figuresOf(worthDocument({ ...about, worth })),
      test: { ...figuresOf(test), smm: test.smm?.mean ?? null },
    });
  } finally {
    backend.destroy();
  }
}

function figuresOf({ accuracy, recall, precision, f1, auc }: Outcome['train']): Outcome['train'] {
  return { accuracy, recall, precision, f1, auc };
}

/** Where this is a process of a study, it stops, with a checkpoint, when that one is no more. */
function stopWithParent(): void {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel?.unref();
}

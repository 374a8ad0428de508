import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import {
  DataLoader,
  knownBefore,
  readParameters,
  readPretrained,
  TrainingFiles,
  type Description,
  type OpenedBackend,
} from '../node/index.js';
import {
  beginWith,
  freshMemory,
  Learner,
  preprocessingOf,
  restore,
  Trainer,
  type Memory,
  type TrainConfig,
} from '../train/index.js';
import { deviceInWords, openDevice } from './device.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, tell } from './legible.js';
import { toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { findSaved, type ResumedTraining } from './saved-training.js';
import { TrainingMaps } from './testing/maps.js';
import { testTrained } from './testing/trained.js';
import { knows, type Foundation } from './train-from.js';
import { checkTrainOptions, type RawTrainOptions, type TrainOptions } from './train-options.js';
import { beforeFirst, runTraining } from './train-run.js';
import { checkSize } from './train-size.js';

/**
 * Trains as the configuration says, or goes on where a training stopped.
 * @returns the exit status: 0, or a shell's if it was interrupted; a checkpoint was then left, unless no step was done
 */
export async function train(raw: RawTrainOptions): Promise<number> {
  return trainAs(await checkTrainOptions(raw));
}

/** The same of options that are checked. */
export async function trainAs(options: TrainOptions): Promise<number> {
  const { folder } = options;
  const made = await makeFolder(folder);
  const interruption = new Interruption(
    'stopping after this step; once more to stop at once, without a checkpoint.',
  );
  try {
    const files = new TrainingFiles(folder);
    const release = await files.lock();
    try {
      return await trainInto(files, options, interruption.signal);
    } finally {
      release();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    tell(`stopped ${beforeFirst}`);
    return error.status;
  } finally {
    interruption.stop();
    await removeIfEmpty(made);
  }
}

async function trainInto(files: TrainingFiles, options: TrainOptions, signal: AbortSignal): Promise<number> {
  const { request, workers, device } = options;
  const opened = await openDevice(device);
  try {
    // Drawings are as large as the images are to be: what is too large is refused before they are drawn.
    const known = knownBefore(request);
    if (known) checkSize(known.config, known.classes, request.source, opened.backend);
    const loader = await DataLoader.open(request, workers, (_, why) => {
      complain(`${why.replace(/\.$/, '')}; it is left out.`);
    });
    try {
      const { config, labels } = loader.description;
      if (!known) checkSize(config, labels.length, request.source, opened.backend);
      return await trainOn(loader, opened, files, options, signal);
    } finally {
      await loader.close();
    }
  } finally {
    opened.backend.destroy();
  }
}

async function trainOn(
  loader: DataLoader,
  opened: OpenedBackend,
  files: TrainingFiles,
  { request, foundation, classes, resume, folder }: TrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const { backend } = opened;
  const { config, labels, notes } = loader.description;
  if (classes !== undefined && classes !== labels.length) {
    throw new UsageError(
      `--classes is ${classes}, and ${toPerson(config.data.set)} has ${labels.length} classes; leave it out, or name other data.`,
    );
  }
  const saved = await findSaved(files, loader.description, resume, toPerson(folder));
  signal.throwIfAborted();
  const learner = Learner.of(config, labels.length);
  const { memory, said }: Beginning = saved
    ? { memory: restore(config, learner, saved.tensors, files.checkpoints[saved.from]) }
    : await begin(learner, config, { folder: request.folder, foundation, labels });
  tell(`device  ${deviceInWords(opened)}`);
  tell(`data    ${dataInWords(loader.description)}`);
  for (const note of notes) tell(`        ${note}`);
  tell(`files   ${toPerson(folder)}`);
  if (said !== undefined) tell(`begins  with ${said}`);
  if (saved) tell(`resume  ${inWords(saved)}`);
  const trainer = await Trainer.create(config, learner, memory, backend);
  const about = {
    name: config.name,
    config: learner.model.config,
    preprocessing: preprocessingOf(config),
    labels,
  };
  const maps =
    config.mapsEvery > 0 ? await TrainingMaps.open(request, learner.model.config, labels, folder) : undefined;
  const drawMaps = maps && ((step: number) => maps.draw(files.model, step, backend));
  const status = await runTraining({
    ...{ config, about, trainer, loader, files, drawMaps, saved, signal },
  });
  trainer.dispose();
  if (status === 0) await testTrained(files.model, folder, request, backend, signal);
  return status;
}

function dataInWords({ config, labels, sizes }: Description): string {
  const classes = `${labels.length} classes`;
  if (sizes.train === Infinity) return `${config.data.set}, ${classes}, made as it goes`;
  return `${toPerson(config.data.set)}, ${classes}, ${sizes.train} pictures to learn from, ${sizes.test} to measure on`;
}

function inWords({ step, changes }: ResumedTraining): string {
  return `step ${step}${changes.length === 0 ? '' : `, with ${changes.join(' and ')}`}`;
}

/** What a training begins with, and what of it a person must know. */
interface Beginning {
  readonly memory: Memory;
  readonly said?: string;
}

/** Gives a learner what a training begins with: random numbers, or what another training learned. */
async function begin(
  learner: Learner,
  config: TrainConfig,
  {
    folder,
    foundation,
    labels,
  }: { folder: string; foundation: Foundation | undefined; labels: readonly string[] },
): Promise<Beginning> {
  if (!foundation && config.initial === undefined) {
    learner.initialize(config.seed, config.initialization);
    return { memory: freshMemory(config, learner) };
  }
  const { tensors, source } = foundation
    ? await readPretrained(foundation.entry, learner.model)
    : await readParameters(resolve(folder, config.initial!), learner.model);
  const newHead = foundation !== undefined && !knows(foundation, labels);
  const anew = beginWith(learner, tensors, source, { newHead });
  return {
    memory: freshMemory(config, learner),
    said: `${toPerson(source)}${anew.length > 0 ? `; anew: ${anew.join(', ')}` : ''}`,
  };
}

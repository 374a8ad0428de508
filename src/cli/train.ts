import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import {
  checkpointNames,
  DataLoader,
  failureInWords,
  readParameters,
  parseThreads,
  TrainingFiles,
  type CheckpointName,
  type DataRequest,
  type Description,
} from '../node/index.js';
import {
  beginWith,
  checkedRecipe,
  freshMemory,
  Learner,
  parseRecipe,
  preprocessingOf,
  restore,
  Trainer,
  usualPreset,
  type Memory,
  type TrainConfig,
} from '../train/index.js';
import { deviceInWords, openDevice } from './device.js';
import { checkDevice, notEmpty } from './explain-options.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, tell } from './legible.js';
import { fromPerson, refuseUnfaithful, toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { findSaved, type ResumedTraining } from './saved-training.js';
import { TrainingMaps } from './testing/maps.js';
import { testTrained } from './testing/trained.js';
import { dataFromPerson } from './testing/options.js';
import { beforeFirst, runTraining } from './train-run.js';
import { checkSize } from './train-size.js';

/** What commander collects for `train`, as typed. */
export interface RawTrainOptions {
  readonly config?: string;
  readonly preset?: string;
  readonly data?: string;
  readonly epochs?: string;
  readonly workers: string;
  /** True without a checkpoint's name. */
  readonly resume?: string | true;
  readonly out?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
}

/** The same, checked. */
interface TrainOptions {
  readonly device: ReturnType<typeof checkDevice>;
  readonly request: DataRequest;
  /** Threads that make batches. */
  readonly workers: number;
  readonly resume: CheckpointName | undefined;
  readonly folder: string;
}

/**
 * Trains as the configuration says, or goes on where a training stopped.
 * @returns the exit status: 0, or a shell's if it was interrupted; a checkpoint was then left, unless no step was done
 */
export async function train(raw: RawTrainOptions): Promise<number> {
  const options = await checkOptions(raw);
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

async function checkOptions({ resume, out, ...raw }: RawTrainOptions): Promise<TrainOptions> {
  const device = checkDevice(raw);
  const checkpoint = resume === true ? 'last' : checkpointNames.find((name) => name === resume);
  if (resume !== undefined && checkpoint === undefined) {
    throw new UsageError(
      `--resume does not know "${resume}"; choose one of: ${checkpointNames.join(', ')}, or leave the name out.`,
    );
  }
  const workers = parseThreads('--workers', raw.workers);
  const request = await requestOf(raw);
  const folder = fromPerson(
    out === undefined ? join('training', request.recipe.name) : notEmpty('--out', out),
  );
  await refuseUnfaithful('--out', folder);
  return { device, request, workers, resume: checkpoint, folder };
}

/** The configuration that is named, and what is said beside it. */
async function requestOf({ config, preset, data, epochs }: RawTrainOptions): Promise<DataRequest> {
  const changes = {
    ...(preset !== undefined && { preset: notEmpty('--preset', preset) }),
    ...(data !== undefined && { data: { set: dataFromPerson(notEmpty('--data', data)) } }),
    ...(epochs !== undefined && { epochs: countOf('--epochs', epochs) }),
  };
  if (config !== undefined) {
    const path = fromPerson(notEmpty('--config', config));
    await refuseUnfaithful('--config', path);
    const recipe = parseRecipe(await readConfig(path), path, changes);
    return { recipe, folder: dirname(path), source: path };
  }
  if (data === undefined) {
    throw new UsageError(
      'Say what to train on, by --data with a folder or the name of a set, or by --config.',
    );
  }
  const source = preset ?? usualPreset;
  const recipe = checkedRecipe({ preset: usualPreset, name: nameOf(data) }, source, changes);
  return { recipe, folder: fromPerson('.'), source };
}

/** Names the files that are written. */
function nameOf(data: string): string {
  return basename(fromPerson(data)).replace(/[^\w.-]+/g, '-') || 'training';
}

function countOf(option: string, text: string): number {
  if (/^\s*[1-9]\d{0,8}\s*$/.test(text)) return Number(text);
  throw new UsageError(`${option} is "${text}"; give a whole number of at least 1.`);
}

async function trainInto(files: TrainingFiles, options: TrainOptions, signal: AbortSignal): Promise<number> {
  const { request, workers } = options;
  const loader = await DataLoader.open(request, workers, (_, why) => {
    complain(`${why.replace(/\.$/, '')}; it is left out.`);
  });
  try {
    return await trainOn(loader, files, options, signal);
  } finally {
    await loader.close();
  }
}

async function trainOn(
  loader: DataLoader,
  files: TrainingFiles,
  { request, resume, folder, device }: TrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const { config, labels, notes } = loader.description;
  const saved = await findSaved(files, config, resume, toPerson(folder));
  const opened = await openDevice(device);
  const { backend } = opened;
  try {
    checkSize(config, labels.length, request.source, backend);
    signal.throwIfAborted();
    const learner = Learner.of(config, labels.length);
    const memory = saved
      ? restore(config, learner, saved.tensors, files.checkpoints[saved.from])
      : await begin(learner, config, request.folder);
    tell(`device  ${deviceInWords(opened)}`);
    tell(`data    ${dataInWords(loader.description)}`);
    for (const note of notes) tell(`        ${note}`);
    tell(`files   ${toPerson(folder)}`);
    if (saved) tell(`resume  ${inWords(saved)}`);
    const trainer = await Trainer.create(config, learner, memory, backend);
    const about = {
      name: config.name,
      config: learner.model.config,
      preprocessing: preprocessingOf(config),
      labels,
    };
    const maps = config.mapsEvery > 0 ? await TrainingMaps.open(request, labels, folder) : undefined;
    const drawMaps = maps && ((step: number) => maps.draw(files.model, step, backend));
    const status = await runTraining({
      ...{ config, about, trainer, loader, files, drawMaps, saved, signal },
    });
    trainer.dispose();
    if (status === 0) await testTrained(files.model, folder, request, backend, signal);
    return status;
  } finally {
    backend.destroy();
  }
}

function dataInWords({ config, labels, sizes }: Description): string {
  const classes = `${labels.length} classes`;
  if (sizes.train === Infinity) return `${config.data.set}, ${classes}, made as it goes`;
  return `${toPerson(config.data.set)}, ${classes}, ${sizes.train} pictures to learn from, ${sizes.test} to measure on`;
}

function inWords({ step, changes }: ResumedTraining): string {
  return `step ${step}${changes.length === 0 ? '' : `, with ${changes.join(' and ')}`}`;
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the configuration "${path}": ${failureInWords(error)}.`, {
      cause: error,
    });
  }
}

/** Gives a learner what a training begins with: random numbers, or what another training learned. */
async function begin(learner: Learner, config: TrainConfig, folder: string): Promise<Memory> {
  if (config.initial === undefined) {
    learner.initialize(config.seed);
  } else {
    const { tensors, source } = await readParameters(resolve(folder, config.initial));
    beginWith(learner, tensors, source);
  }
  return freshMemory(config, learner);
}

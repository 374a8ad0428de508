import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sceneBatch } from '../data/scenes/index.js';
import { UsageError } from '../errors.js';
import { scenesPreprocessing } from '../image/index.js';
import {
  checkpointNames,
  failureInWords,
  readParameters,
  readSprites,
  TrainingFiles,
  type CheckpointName,
} from '../node/index.js';
import {
  beginWith,
  firstValidationImage,
  freshMemory,
  Learner,
  parseTrainConfig,
  restore,
  Trainer,
  type Batch,
  type Memory,
  type TrainConfig,
} from '../train/index.js';
import { deviceInWords, openDevice } from './device.js';
import { checkDevice, notEmpty } from './explain-options.js';
import { Interrupted, Interruption } from './interruption.js';
import { tell } from './legible.js';
import { fromPerson, refuseUnfaithful, toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { findSaved, type ResumedTraining } from './saved-training.js';
import { beforeFirst, runTraining } from './train-run.js';
import { checkSize } from './train-size.js';

/** What commander collects for `train`, as typed. */
export interface RawTrainOptions {
  readonly config: string;
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
  readonly config: TrainConfig;
  /** Of the configuration's file. */
  readonly path: string;
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

async function checkOptions({ config: file, resume, out, ...raw }: RawTrainOptions): Promise<TrainOptions> {
  const device = checkDevice(raw);
  const checkpoint = resume === true ? 'last' : checkpointNames.find((name) => name === resume);
  if (resume !== undefined && checkpoint === undefined) {
    throw new UsageError(
      `--resume does not know "${resume}"; choose one of: ${checkpointNames.join(', ')}, or leave the name out.`,
    );
  }
  const path = fromPerson(notEmpty('--config', file));
  await refuseUnfaithful('--config', path);
  const config = parseTrainConfig(await readConfig(path), path);
  const folder = fromPerson(out === undefined ? join('training', config.name) : notEmpty('--out', out));
  await refuseUnfaithful('--out', folder);
  return { device, config, path, resume: checkpoint, folder };
}

async function trainInto(
  files: TrainingFiles,
  { config, path, resume, folder, device }: TrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const saved = await findSaved(files, config, resume, toPerson(folder));
  const opened = await openDevice(device);
  const { backend } = opened;
  try {
    checkSize(config, path, backend);
    const batch = await batches(config, path);
    signal.throwIfAborted();
    const learner = Learner.of(config);
    const memory = saved
      ? restore(config, learner, saved.tensors, files.checkpoints[saved.from])
      : await begin(learner, config, dirname(path));
    tell(`device  ${deviceInWords(opened)}`);
    tell(`files   ${toPerson(folder)}`);
    if (saved) tell(`resume  ${inWords(saved)}`);
    const trainer = await Trainer.create(config, learner, memory, backend);
    return await runTraining({ config, trainer, batch, files, saved, signal });
  } finally {
    backend.destroy();
  }
}

function inWords({ step, changes }: ResumedTraining): string {
  return `step ${step}${changes.length === 0 ? '' : `, with ${changes.join(' and ')}`}`;
}

/** Makes the scenes of a training: a batch of them from a number on. */
async function batches(config: TrainConfig, path: string): Promise<(first: number) => Batch> {
  const { imageSize, patchSize } = config.model;
  const packages = resolve(dirname(path), config.data.packages);
  const sprites = await readSprites(packages, config.data.vendors, imageSize);
  return (first) =>
    sceneBatch(
      sprites,
      {
        seed: config.seed,
        first,
        count: config.batch,
        difficulty: Math.min(1, first / (config.batch * Math.max(1, config.ramp))),
        restyle: config.data.restyle && first < firstValidationImage,
        redraw: config.data.redraw && first < firstValidationImage,
      },
      scenesPreprocessing(imageSize),
      patchSize,
    );
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

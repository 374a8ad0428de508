import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sceneBatch } from '../data/scenes/index.js';
import { UsageError } from '../errors.js';
import { scenesPreprocessing } from '../image/index.js';
import {
  failureInWords,
  readParameters,
  readSprites,
  TrainingFiles,
  type SavedTraining,
} from '../node/index.js';
import { Random } from '../random.js';
import type { AdamWState } from '../nn/index.js';
import {
  beginWith,
  freshOptimizer,
  initialize,
  Learner,
  parseTrainConfig,
  restore,
  Trainer,
  type Batch,
  type TrainConfig,
} from '../train/index.js';
import { deviceInWords, openDevice } from './device.js';
import { checkDevice } from './explain-options.js';
import { Interruption, type Interrupted } from './interruption.js';
import { tell } from './legible.js';
import { fromPerson, toPerson } from './paths.js';
import { makeFolder } from './results-folder.js';
import { Progress } from './train-progress.js';

/** What commander collects for `train`, as typed. */
export interface RawTrainOptions {
  readonly config: string;
  readonly resume?: boolean;
  readonly out?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
}

/** Steps whose means are a row of the log. */
const LOG_EVERY = 10;
/** Scenes for validation are counted from here: far behind all that are trained on. */
const VALIDATION = 2 ** 30;

/**
 * Trains as the configuration says, or goes on where a training stopped.
 * @returns the exit status: 0, or a shell's if it was interrupted and a checkpoint was left
 */
export async function train(raw: RawTrainOptions): Promise<number> {
  const device = checkDevice(raw);
  const path = fromPerson(raw.config);
  const config = parseTrainConfig(await readConfig(path), path);
  const folder = fromPerson(raw.out ?? join('training', config.name));
  const files = new TrainingFiles(folder);
  const saved = await findSaved(files, config, raw.resume ?? false, folder);
  const { imageSize, patchSize } = config.model;
  const packages = resolve(dirname(path), config.data.packages);
  const sprites = await readSprites(packages, config.data.vendors, imageSize);
  const batch = (first: number): Batch =>
    sceneBatch(
      sprites,
      {
        seed: config.seed,
        first,
        count: config.batch,
        difficulty: Math.min(1, first / (config.batch * Math.max(1, config.ramp))),
        restyle: config.data.restyle && first < VALIDATION,
        redraw: config.data.redraw && first < VALIDATION,
      },
      scenesPreprocessing(imageSize),
      patchSize,
    );
  const learner = Learner.of(config);
  const optimizer = saved
    ? restore(learner, saved.tensors, files.checkpoint)
    : await begin(learner, config, dirname(path));
  await makeFolder(folder);
  const opened = await openDevice(device);
  const { backend } = opened;
  const interruption = new Interruption(
    'stopping after this step; once more to stop at once, without a checkpoint.',
  );
  try {
    tell(`device  ${deviceInWords(opened)}`);
    tell(`files   ${toPerson(folder)}`);
    const trainer = await Trainer.create(config, learner, optimizer, backend);
    return await run(config, trainer, batch, files, saved, interruption);
  } finally {
    interruption.stop();
    backend.destroy();
  }
}

async function run(
  config: TrainConfig,
  trainer: Trainer,
  batch: (first: number) => Batch,
  files: TrainingFiles,
  saved: SavedTraining | undefined,
  interruption: Interruption,
): Promise<number> {
  const log = [...(saved?.log ?? [])];
  const progress = new Progress(config, log);
  let step = saved?.step ?? 0;
  while (step < config.steps && !interruption.signal.aborted) {
    // One after the other: scenes made meanwhile take a core from the native backend's threads, which then wait for each
    // other longer than the scenes take. Where a GPU computes, the scenes take most of the time either way.
    const result = await trainer.step(step, batch(step * config.batch));
    if (!Number.isFinite(result.loss)) {
      throw new UsageError(
        `The loss is ${result.loss} at step ${step}: the training diverged; lower the learning rate or the clip.`,
      );
    }
    step++;
    progress.add(step, result);
    const due = step % config.checkpointEvery === 0 || step === config.steps;
    if (due || step % LOG_EVERY === 0) {
      const validation = due ? await trainer.test(validationBatches(config, batch)) : undefined;
      log.push(progress.row(step, validation));
    }
    if (due) await files.write(config, step, await trainer.state(), log);
  }
  if (step < config.steps) {
    await files.write(config, step, await trainer.state(), log);
    progress.end(`stopped after step ${step}; go on with --resume`);
    return (interruption.signal.reason as Interrupted).status;
  }
  progress.end(`trained for ${step} steps; the model is ${toPerson(files.model)}`);
  return 0;
}

function* validationBatches(config: TrainConfig, batch: (first: number) => Batch): Generator<Batch> {
  for (let first = 0; first < config.validationImages; first += config.batch) yield batch(VALIDATION + first);
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
async function begin(learner: Learner, config: TrainConfig, folder: string): Promise<AdamWState> {
  if (config.initial === undefined) {
    initialize(learner, new Random(config.seed));
  } else {
    const { tensors, source } = await readParameters(resolve(folder, config.initial));
    beginWith(learner, tensors, source);
  }
  return freshOptimizer(learner);
}

/** @throws UsageError if there is a training and none is to be resumed, or one with another configuration */
async function findSaved(
  files: TrainingFiles,
  config: TrainConfig,
  resume: boolean,
  folder: string,
): Promise<SavedTraining | undefined> {
  if (!resume) {
    if (!files.exist()) return undefined;
    throw new UsageError(
      `${toPerson(folder)} already holds a training; go on with it by --resume, or name another folder with --out.`,
    );
  }
  const saved = await files.read();
  const [now, then] = [config, saved.config].map(decisive);
  const changed = (Object.keys({ ...now, ...then }) as (keyof TrainConfig)[]).filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]),
  );
  if (changed.length > 0) {
    throw new UsageError(
      `The training in ${toPerson(folder)} was begun with another ${changed.map((name) => `"${name}"`).join(', ')}; ` +
        'resume it with the configuration it was begun with, or name another folder with --out.',
    );
  }
  return saved;
}

/** A configuration without what changes nothing about the steps: where the drawings lie, and when files are written. */
function decisive(config: TrainConfig): TrainConfig {
  return { ...config, data: { ...config.data, packages: '' }, checkpointEvery: 1 };
}

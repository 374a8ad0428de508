import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { parseJson } from '../json.js';
import {
  checkpointNames,
  DataLoader,
  failureInWords,
  readParameters,
  readPretrained,
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
  tuningPreset,
  usualPreset,
  type Settings,
  type Memory,
  type TrainConfig,
} from '../train/index.js';
import { deviceInWords, openDevice } from './device.js';
import { checkDevice, notEmpty } from './explain-options.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, tell } from './legible.js';
import { fromPerson, modelFromPerson, refuseUnfaithful, toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { findSaved, type ResumedTraining } from './saved-training.js';
import { TrainingMaps } from './testing/maps.js';
import { testTrained } from './testing/trained.js';
import { dataFromPerson } from './testing/options.js';
import { foundationOf, knows, type Foundation } from './train-from.js';
import { beforeFirst, runTraining } from './train-run.js';
import { checkSize } from './train-size.js';

/** What commander collects for `train`, as typed. */
export interface RawTrainOptions {
  readonly config?: string;
  readonly preset?: string;
  readonly data?: string;
  readonly from?: string;
  readonly classes?: string;
  readonly freeze?: string;
  readonly imageSize?: string;
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
  readonly foundation: Foundation | undefined;
  /** How many the data must have, if that was said. */
  readonly classes: number | undefined;
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
  const { request, foundation } = await requestOf(raw);
  const classes = raw.classes === undefined ? undefined : countOf('--classes', raw.classes);
  const folder = fromPerson(
    out === undefined ? join('training', request.recipe.name) : notEmpty('--out', out),
  );
  await refuseUnfaithful('--out', folder);
  return { device, request, foundation, classes, workers, resume: checkpoint, folder };
}

/** The configuration that is named, and what is said beside it. */
async function requestOf({ config, preset, data, epochs, ...raw }: RawTrainOptions): Promise<{
  readonly request: DataRequest;
  readonly foundation: Foundation | undefined;
}> {
  const changes: Settings = {
    ...(raw.from !== undefined && { from: modelFromPerson(notEmpty('--from', raw.from)) }),
    ...(raw.freeze !== undefined && { freeze: notEmpty('--freeze', raw.freeze).split(',') }),
    ...(raw.imageSize !== undefined && {
      model: { imageSize: countOf('--image-size', raw.imageSize) },
    }),
    ...(preset !== undefined && { preset: notEmpty('--preset', preset) }),
    ...(data !== undefined && { data: { set: dataFromPerson(notEmpty('--data', data)) } }),
    ...(epochs !== undefined && { epochs: countOf('--epochs', epochs) }),
  };
  if (config !== undefined) {
    const path = fromPerson(notEmpty('--config', config));
    await refuseUnfaithful('--config', path);
    const text = await readConfig(path);
    const given = settingsIn(text);
    const foundation = await foundationIn(given, changes, dirname(path));
    const recipe = parseRecipe(text, path, {
      ...(foundation && given['preset'] === undefined && { preset: tuningPreset }),
      ...changes,
      ...foundation?.settings,
      ...(given['preprocessing'] !== undefined && { preprocessing: undefined }),
    });
    return { request: { recipe, folder: dirname(path), source: path }, foundation };
  }
  if (data === undefined) {
    throw new UsageError(
      'Say what to train on, by --data with a folder or the name of a set, or by --config.',
    );
  }
  const foundation = await foundationIn({}, changes, '.');
  const usual = foundation ? tuningPreset : usualPreset;
  const recipe = checkedRecipe({ preset: usual, name: nameOf(data) }, preset ?? usual, {
    ...changes,
    ...foundation?.settings,
  });
  return { request: { recipe, folder: fromPerson('.'), source: preset ?? usual }, foundation };
}

/** The model to begin with, if settings or changes of them name one; of the model's own settings they may have its input's size. */
async function foundationIn(
  given: Settings,
  changes: Settings,
  folder: string,
): Promise<Foundation | undefined> {
  const from = changes['from'] ?? within(folder, given['from']);
  if (typeof from !== 'string') return undefined;
  const model = { ...Object(given['model']), ...Object(changes['model']) } as Settings;
  const other = Object.keys(model).find((name) => name !== 'imageSize');
  if (other !== undefined) {
    throw new UsageError(
      `The training begins with ${from}, whose sizes are its own; leave out "${other}" of its "model", or leave out "from".`,
    );
  }
  const { imageSize } = model;
  return foundationOf(from, typeof imageSize === 'number' ? imageSize : undefined);
}

/** What a configuration names, from its own folder if it lies there. */
function within(folder: string, name: unknown): unknown {
  return typeof name === 'string' && existsSync(resolve(folder, name)) ? resolve(folder, name) : name;
}

/** The settings of a file as they are written; none if it is no JSON, which is told when they are checked. */
function settingsIn(text: string): Settings {
  const json = parseJson(text);
  return 'value' in json ? (Object(json.value) as Settings) : {};
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
  { request, foundation, classes, resume, folder, device }: TrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const { config, labels, notes } = loader.description;
  if (classes !== undefined && classes !== labels.length) {
    throw new UsageError(
      `--classes is ${classes}, and ${toPerson(config.data.set)} has ${labels.length} classes; leave it out, or name other data.`,
    );
  }
  const saved = await findSaved(files, loader.description, resume, toPerson(folder));
  const opened = await openDevice(device);
  const { backend } = opened;
  try {
    checkSize(config, labels.length, request.source, backend);
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
      config.mapsEvery > 0
        ? await TrainingMaps.open(request, learner.model.config, labels, folder)
        : undefined;
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
    learner.initialize(config.seed);
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

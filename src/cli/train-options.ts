import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { parseJson } from '../json.js';
import { parseImageSize } from '../models/index.js';
import {
  checkpointNames,
  failureInWords,
  parseThreads,
  type CheckpointName,
  type DataRequest,
} from '../node/index.js';
import {
  checkedRecipe,
  inputSizeIn,
  parseRecipe,
  tuningPreset,
  usualPreset,
  type Settings,
} from '../train/index.js';
import { checkDevice, notEmpty } from './explain-options.js';
import { fromPerson, modelFromPerson, refuseUnfaithful } from './paths.js';
import { dataFromPerson } from './testing/options.js';
import { foundationOf, type Foundation } from './train-from.js';

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
export interface TrainOptions {
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

/** @throws UsageError that says which option or setting is wrong and what it takes */
export async function checkTrainOptions({ resume, out, ...raw }: RawTrainOptions): Promise<TrainOptions> {
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
      model: { imageSize: parseImageSize(raw.imageSize, '--image-size') },
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
  return foundationOf(from, inputSizeIn(model));
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

/** @throws UsageError if it is none */
export function countOf(option: string, text: string): number {
  if (/^\s*[1-9]\d{0,8}\s*$/.test(text)) return Number(text);
  throw new UsageError(`${option} is "${text}"; give a whole number of at least 1.`);
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

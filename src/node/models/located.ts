import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import {
  architectureArguments,
  architectureNames,
  describeModel,
  describeOwn,
  imagenetLabels,
  recognise,
  timmPreprocessing,
  unknownLicence,
  type Extent,
  type ModelEntry,
} from '../../models/index.js';
import { failureInWords } from '../files/failure-in-words.js';
import { isFile } from '../hub/cache.js';
import { configFile, preprocessorFile, weightsFileIn, weightsFiles } from './model-files.js';
import { openWeights, type OpenedWeights } from './open-weights.js';

/** A model that is known by where it is. */
export interface LocatedModel extends ModelEntry {
  readonly file: string;
  /** The same, if it was opened to look into it: what comes through a pipe can be read once. */
  readonly opened?: OpenedWeights;
  /** Of the pictures that it was trained with, if it is known. */
  readonly trainedSize?: Extent;
  /** What was concluded about it: phrases for people. */
  readonly concluded: readonly string[];
}

/**
 * The model of a folder as timm or transformers write them.
 * @param name what it is called
 * @param weights a checkpoint in the place of the folder's own
 * @throws UsageError if it holds no configuration or no weights, or the model is not supported
 */
export async function modelOfFolder(
  folder: string,
  name = basename(folder),
  weights?: string,
): Promise<LocatedModel> {
  const config = await readJson(join(folder, configFile));
  if (config === undefined) {
    const own = await ownModelIn(folder, name, weights);
    if (own) return own;
    throw new UsageError(
      `The folder ${folder} holds no ${configFile} that tells what its model is; give the weights' file itself.`,
    );
  }
  const preprocessor = await readJson(join(folder, preprocessorFile));
  const { trainedSize, ...described } = describeModel(
    { config, ...(preprocessor === undefined ? {} : { preprocessor }), source: folder },
    architectureArguments,
  );
  const file = weights ?? (await weightsFileIn(folder));
  if (file === undefined) {
    throw new UsageError(
      `The folder ${folder} holds no weights; expected one of ${weightsFiles.join(', ')}.`,
    );
  }
  return {
    name,
    ...described,
    trainedSize,
    licence: unknownLicence,
    file: resolve(folder, file),
    concluded: [],
  };
}

/** The model of a folder whose weights say themselves what they are of, as those that were trained here do. */
async function ownModelIn(folder: string, name: string, weights?: string): Promise<LocatedModel | undefined> {
  const file = weights ?? (await weightsFileIn(folder));
  if (file === undefined) return undefined;
  const opened = await openWeights(resolve(folder, file));
  const own = ownModel(opened);
  return own && { ...own, name };
}

function ownModel(opened: OpenedWeights): LocatedModel | undefined {
  const own = describeOwn(opened.checkpoint.metadata, opened.path);
  return own && { ...own, licence: unknownLicence, file: opened.path, opened, concluded: [] };
}

/**
 * The model of a checkpoint alone, or of its folder if the file is what that is made of.
 * @param given the checkpoint, if it is open already
 * @throws UsageError, WeightsError if it is not recognised
 */
export async function modelOfFile(file: string, given?: OpenedWeights): Promise<LocatedModel> {
  if (weightsFiles.includes(basename(file)) && (await isFile(join(dirname(file), configFile)))) {
    return modelOfFolder(dirname(file));
  }
  const opened = given ?? (await openWeights(file));
  const own = ownModel(opened);
  if (own) return own;
  const { checkpoint } = opened;
  const { config, assumed } = recognise(checkpoint.tensors, file, {
    headsOf: commonHeads,
    activation: checkpoint.dialect?.includes('CLIP') ? 'quick-gelu' : 'gelu',
  });
  const labels = config.classes === imagenetLabels.length ? imagenetLabels : undefined;
  const preprocessing = timmPreprocessing({
    size: config.imageSize,
    ...(config.channels === 1 ? { mean: [0.5], std: [0.5] } : {}),
  });
  return {
    name: basename(file, extname(file)),
    config,
    preprocessing,
    ...(labels ? { labels } : {}),
    output: config.classes > 0 ? 'classes' : 'features',
    licence: unknownLicence,
    ...{ file, opened },
    concluded: [
      ...(checkpoint.dialect === undefined ? [] : [`names of ${checkpoint.dialect}`]),
      ...assumed,
      ...(labels ? ["ImageNet's classes, as there are 1000"] : []),
      'pictures made ready as for ImageNet',
    ],
  };
}

/** As many as all of timm's models of that width and depth have. */
function commonHeads(width: number, depth: number): number | undefined {
  const found = new Set(
    architectureNames()
      .map(architectureArguments)
      .filter((args) => args.embed_dim === width && (args.depth ?? 12) === depth)
      .map((args) => args.num_heads ?? 12),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

/** @returns undefined if there is no such file */
async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`Cannot read ${path}: ${failureInWords(error)}.`, { cause: error });
  }
  const json = parseJson(text);
  if ('complaint' in json) throw new UsageError(`${path} is no JSON: ${json.complaint}; fetch it again.`);
  return json.value;
}

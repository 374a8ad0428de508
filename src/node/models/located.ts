import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { configFile, preprocessorFile, weightsFiles } from '../../models/folder-files.js';
import { modelOfConfiguration, ownModel, recogniseModel, type UnlistedModel } from '../../models/index.js';
import { failureInWords } from '../files/failure-in-words.js';
import { isFile } from '../hub/cache.js';
import { weightsFileIn } from './model-files.js';
import { openWeights, type OpenedWeights } from './open-weights.js';

/** A model that is known by where it is. */
export interface LocatedModel extends UnlistedModel {
  readonly file: string;
  /** The same, if it was opened to look into it: what comes through a pipe can be read once. */
  readonly opened?: OpenedWeights;
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
  const model = modelOfConfiguration(
    { config, ...(preprocessor === undefined ? {} : { preprocessor }), source: folder },
    name,
  );
  const file = weights ?? (await weightsFileIn(folder));
  if (file === undefined) {
    throw new UsageError(
      `The folder ${folder} holds no weights; expected one of ${weightsFiles.join(', ')}.`,
    );
  }
  return { ...model, file: resolve(folder, file) };
}

/** The model of a folder whose weights say themselves what they are of, as those that were trained here do. */
async function ownModelIn(folder: string, name: string, weights?: string): Promise<LocatedModel | undefined> {
  const file = weights ?? (await weightsFileIn(folder));
  if (file === undefined) return undefined;
  const opened = await openWeights(resolve(folder, file));
  const own = ownModel(opened.checkpoint, opened.path);
  return own && { ...own, name, file: opened.path, opened };
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
  return { ...recogniseModel(opened.checkpoint, basename(file, extname(file)), file), file, opened };
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

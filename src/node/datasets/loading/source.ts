import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataError } from '../../../errors.js';
import {
  areScenes,
  firstValidationImage,
  inSteps,
  labelledData,
  sceneClasses,
  scenesData,
  singleScenes,
  type Damaged,
  type LabelledPictures,
  type Recipe,
  type TrainConfig,
  type TrainingData,
} from '../../../train/index.js';
import { readSprites } from '../../pictures/sprites.js';
import { openLabelledSet } from '../labelled/open.js';
import { markOf, type SetMark } from './set-mark.js';

/** What is asked for: settings, and where they were found. */
export interface DataRequest {
  readonly recipe: Recipe;
  /** The configuration's, from which paths begin. */
  readonly folder: string;
  /** The configuration's name, for messages. */
  readonly source: string;
}

/** Data to train on, and the settings in the light of how much there is. */
export interface OpenedData {
  readonly data: TrainingData;
  readonly config: TrainConfig;
  /** What a person must know about it. */
  readonly notes: readonly string[];
  /** By which the set is known again; scenes are what their settings say. */
  readonly mark: SetMark | undefined;
}

/**
 * What is known before anything is read or drawn: of scenes, how many classes they have, and the settings.
 * @returns undefined where the set itself decides
 */
export function knownBefore({
  recipe,
  source,
}: DataRequest): { readonly config: TrainConfig; readonly classes: number } | undefined {
  if (!areScenes(recipe.data)) return undefined;
  return { config: inSteps(recipe, Infinity, source), classes: sceneClasses.length };
}

/**
 * @param damaged is told of pictures that cannot be read
 * @throws UsageError if there is no such set, DataError if it has nothing to measure on, DataError or ImageError if a file of it is
 *   damaged as a whole
 */
export async function openData(
  { recipe, folder, source }: DataRequest,
  damaged: Damaged,
): Promise<OpenedData> {
  const { data, seed, model } = recipe;
  if (areScenes(data)) {
    const config = inSteps(recipe, Infinity, source);
    const sprites = await readSprites(resolve(folder, data.packages), data.vendors, model.imageSize);
    return { data: scenesData(sprites, config, data), config, notes: [], mark: undefined };
  }
  const place = placeOf(folder, data.set);
  const set = await openLabelledSet(place, { testShare: data.testShare, seed });
  if (set.test.labels.length === 0) {
    throw new DataError(
      `"${data.set}" has no picture to measure on: put some into its folder for that, or give each class at least two.`,
    );
  }
  const config = inSteps(recipe, set.train.labels.length, source);
  return {
    data: labelledData(set, config, damaged),
    config,
    notes: set.notes ?? [],
    mark: markOf(set, place),
  };
}

/** What a model of such a training is measured on once it is done: all pictures of the set's part for that, scenes of one object. */
export async function openTested({ recipe, folder }: DataRequest): Promise<LabelledPictures> {
  const { data, seed, model, validationImages } = recipe;
  if (!areScenes(data)) {
    return (await openLabelledSet(placeOf(folder, data.set), { testShare: data.testShare, seed })).test;
  }
  const sprites = await readSprites(resolve(folder, data.packages), data.vendors, model.imageSize);
  const range = { seed, first: firstValidationImage, count: validationImages, side: model.imageSize };
  return singleScenes(sprites, range);
}

/** A folder from the configuration's own, or a set's name. */
function placeOf(folder: string, set: string): string {
  const path = resolve(folder, set);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : set;
}

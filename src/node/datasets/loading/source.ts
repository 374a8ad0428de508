import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataError, UsageError } from '../../../errors.js';
import {
  areEndless,
  areScenes,
  firstValidationImage,
  inSteps,
  labelledData,
  remembered,
  sceneSide,
  sceneClasses,
  scenesData,
  singleScenes,
  singlesSet,
  type Damaged,
  type LabelledPictures,
  type Recipe,
  type TrainConfig,
  type TrainingData,
} from '../../../train/index.js';
import { readSprites } from '../../pictures/sprites.js';
import type { OpenedSet } from '../labelled/layout.js';
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
 * What is known before anything is read or drawn: of endless scenes, how many classes they have, and the settings.
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
  const { data, model } = recipe;
  if (areEndless(data)) {
    const config = inSteps(recipe, Infinity, source);
    const sprites = await readSprites(resolve(folder, data.packages), data.vendors, sceneSide(model));
    return { data: scenesData(sprites, config, data), config, notes: [], mark: undefined };
  }
  const { place, ...set } = await openSet(recipe, folder);
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

/**
 * What a model of such a training is measured on once it is done: all pictures of the set's part for that, scenes of one object.
 * @throws as `openData`
 */
export async function openTested({ recipe, folder }: DataRequest): Promise<LabelledPictures> {
  const { data, seed, model, validationImages } = recipe;
  if (!areEndless(data)) return (await openSet(recipe, folder)).test;
  const sprites = await readSprites(resolve(folder, data.packages), data.vendors, sceneSide(model));
  const range = { seed, first: firstValidationImage, count: validationImages, side: sceneSide(model) };
  return singleScenes(sprites, range);
}

/**
 * The pictures that such a training learns from, as they are, and those that it is measured on.
 * @throws as `openData`; UsageError if it learns from ever new ones
 */
export async function openParts({ recipe, folder, source }: DataRequest): Promise<OpenedSet> {
  if (!areEndless(recipe.data)) return openSet(recipe, folder);
  throw new UsageError(
    `The configuration "${source}" learns from scenes that are made as it goes; give "singles" of its "data", which is how many are ` +
      'seen again and again.',
  );
}

/** A set that has an end, and the place that its pictures' names begin with. */
async function openSet(
  { data, seed, model }: Recipe,
  folder: string,
): Promise<OpenedSet & { readonly place: string }> {
  if (!areScenes(data)) {
    const place = placeOf(folder, data.set);
    return { ...(await openLabelledSet(place, { testShare: data.testShare, seed })), place };
  }
  const sprites = await readSprites(resolve(folder, data.packages), data.vendors, sceneSide(model));
  const set = singlesSet(sprites, { ...data.singles!, side: sceneSide(model) }, firstValidationImage);
  // Drawing a scene takes longer than learning from it.
  return { ...set, train: remembered(set.train), test: remembered(set.test), place: '' };
}

/** A folder from the configuration's own, or a set's name. */
function placeOf(folder: string, set: string): string {
  const path = resolve(folder, set);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : set;
}

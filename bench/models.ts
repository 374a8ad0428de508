import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findModel, VisionTransformer, type ModelEntry, type VisionTransformerConfig } from 'vitrine';
import { loadModel, weightsOnDisk } from 'vitrine/node';
import { generator, randomValues } from './random.js';

export interface MeasuredModel {
  readonly entry: ModelEntry;
  readonly model: VisionTransformer;
  /** The checkpoint, or what was taken in its place: a phrase for people. */
  readonly weights: string;
}

/**
 * A registered model with the given weights, else with those that are on this disk, else with random ones. Nothing is
 * downloaded: the time that a kernel takes does not depend on the numbers.
 */
export async function openModel(name: string, explicit?: string): Promise<MeasuredModel> {
  const entry = findModel(name);
  const path =
    explicit ?? (await weightsOnDisk(entry)) ?? (await referenceFile('weights', weightsName(entry)));
  if (path === undefined) {
    const model = randomModel(entry.config);
    return { entry, model, weights: 'random numbers, because no weights are on this disk' };
  }
  const { model } = await loadModel({ name, weights: path });
  return { entry, model, weights: path };
}

export function weightsName({ name }: ModelEntry): string {
  return `${name}.safetensors`;
}

/** A file of the reference data, of which VITRINE_REFERENCE names the folder; undefined if it is not there. */
export async function referenceFile(...path: readonly string[]): Promise<string | undefined> {
  const folder = process.env['VITRINE_REFERENCE'];
  if (!folder) return undefined;
  const file = join(folder, ...path);
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? file : undefined;
}

/** The same numbers at each call. */
export function randomModel(config: VisionTransformerConfig): VisionTransformer {
  const model = new VisionTransformer(config);
  const random = generator(1);
  for (const [name, parameter] of model.namedParameters()) {
    // Around 1 for what a norm multiplies by, so that the numbers neither vanish nor overflow on the way.
    const [low, high] = /norm[^.]*\.weight$/.test(name) ? [0.5, 1.5] : [-0.05, 0.05];
    parameter.assign(randomValues(parameter.size, random, low, high));
  }
  return model;
}

import { join } from 'node:path';
import {
  constant,
  expand,
  explained,
  findModel,
  forwardPass,
  gradientRollout,
  input,
  largestMask,
  subtract,
  VisionTransformer,
  WeightsError,
  type ClassTarget,
  type Explained,
  type Pass,
  type Tensor,
} from 'vitrine';
import { findWeights, loadModel } from 'vitrine/node';
import { packageRoot } from './paths.js';
import { generator, randomValues } from './random.js';

/** The model that everything here is measured on. */
export const modelName = 'deit_tiny_patch16_224';

export interface MeasuredModel {
  readonly model: VisionTransformer;
  /** The checkpoint, or what was taken in its place. */
  readonly weights: string;
}

/**
 * The model with the given weights, else with those that are on this disk, else with random ones. Nothing is
 * downloaded: the time that a kernel takes does not depend on the numbers.
 */
export async function openModel(explicit: string | undefined): Promise<MeasuredModel> {
  const path = explicit ?? (await weightsOnDisk());
  if (path === undefined) {
    return { model: randomModel(), weights: 'random numbers, because no weights are on this disk' };
  }
  const { model } = await loadModel({ name: modelName, weights: path });
  return { model, weights: path };
}

async function weightsOnDisk(): Promise<string | undefined> {
  const reference = process.env['VITRINE_REFERENCE'];
  const folders = [
    join(packageRoot, 'weights'),
    ...(reference === undefined ? [] : [join(reference, 'weights')]),
  ];
  for (const weightsFolder of folders) {
    try {
      const { hub } = findModel(modelName);
      const env = { ...process.env, HF_HUB_OFFLINE: '1' };
      return (await findWeights({ model: modelName, hub, weightsFolder, env })).path;
    } catch (error) {
      if (!(error instanceof WeightsError)) throw error;
    }
  }
  return undefined;
}

/** @param depth blocks, if not as many as the model has */
export function randomModel(depth?: number): VisionTransformer {
  const { config } = findModel(modelName);
  const model = new VisionTransformer({ ...config, depth: depth ?? config.depth });
  const random = generator(1);
  for (const [name, parameter] of model.namedParameters()) {
    // Around 1 for what a layer norm multiplies by, so that the numbers neither vanish nor overflow on the way.
    const [low, high] = /norm\d?\.weight$/.test(name) ? [0.5, 1.5] : [-0.05, 0.05];
    parameter.assign(randomValues(parameter.size, random, low, high));
  }
  return model;
}

/** Numbers as a preprocessed image has them, the same at each call. */
export function randomImages(model: VisionTransformer, batch: number): Float32Array<ArrayBuffer> {
  const { channels, imageSize } = model.config;
  return randomValues(batch * channels * imageSize * imageSize, generator(2), -2, 2);
}

/** Everything a person could look at: the logits and the attention of every layer. */
export function forwardGraph(model: VisionTransformer, batch: number): Record<string, Tensor> {
  const { logits, layers } = passOf(model, batch);
  return {
    logits,
    ...Object.fromEntries(layers.map(({ attention }, layer) => [`attention.${layer}`, attention])),
  };
}

/** Forward and the gradients of every attention with respect to the highest logit, which are all handed back. */
export function gradientsGraph(
  model: VisionTransformer,
  batch: number,
  target: ClassTarget,
): Record<string, Tensor> {
  const pass = explainedPass(model, batch, target);
  const gradients = pass.gradient(pass.layers.map(({ attention }) => attention));
  return Object.fromEntries(gradients.map((tensor, layer) => [`gradient.${layer}`, tensor]));
}

/** Forward, the gradients of every attention and the gradient rollout; the map is all that is handed back. */
export function explanationGraph(
  model: VisionTransformer,
  batch: number,
  target: ClassTarget,
): { map: Tensor } {
  return { map: gradientRollout.map(explainedPass(model, batch, target)) };
}

function explainedPass(model: VisionTransformer, batch: number, target: ClassTarget): Explained {
  const pass = passOf(model, batch);
  const { logits } = pass;
  const { classes } = model.config;
  if (target.kind === 'rank') {
    const highest = subtract(largestMask(logits, classes - 1), largestMask(logits, classes));
    return explained(pass, highest);
  }
  const oneHot = Array.from({ length: classes }, (_, index) => Number(index === target.index));
  return explained(pass, expand(constant(oneHot, [classes]), logits.shape));
}

function passOf(model: VisionTransformer, batch: number): Pass {
  const { channels, imageSize } = model.config;
  return forwardPass(model, input('image', [batch, channels, imageSize, imageSize]));
}

import { join } from 'node:path';
import {
  chooseMethods,
  explained,
  findModel,
  forwardPass,
  gradientRollout,
  input,
  planMaps,
  targetInput,
  VisionTransformer,
  WeightsError,
  type ClassTarget,
  type Pass,
  type Tensor,
  sizeOf,
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

/** What is timed: a graph, and what a run of it is given. */
export interface Workload {
  readonly graph: Readonly<Record<string, Tensor>>;
  readonly inputs: Readonly<Record<string, Float32Array>>;
}

/** Everything a person could look at: the logits and the attention of every layer. */
export function forwardWork(model: VisionTransformer, batch: number): Workload {
  const { logits, layers } = passOf(model, batch);
  const attentions = layers.map(({ attention }, layer) => [`attention.${layer}`, attention] as const);
  return {
    graph: { logits, ...Object.fromEntries(attentions) },
    inputs: { image: randomImages(model, batch) },
  };
}

/** Forward and the gradients of every attention, which are all handed back. */
export function gradientsWork(model: VisionTransformer, batch: number): Workload {
  const pass = passOf(model, batch);
  const target = targetInput('target', pass.logits, { ranks: 1 });
  const of = explained(pass, target.seed);
  const gradients = of.gradient(pass.layers.map(({ attention }) => attention));
  return {
    graph: Object.fromEntries(gradients.map((tensor, layer) => [`gradient.${layer}`, tensor])),
    inputs: { image: randomImages(model, batch), ...target.values(sameFor(batch, mostProbable)) },
  };
}

/**
 * What `explain` runs: forward, the gradients of every attention and the gradient rollout; logits and map are all that is
 * handed back.
 */
export function explanationWork(
  model: VisionTransformer,
  batch: number,
  target: ClassTarget = mostProbable,
): Workload {
  const methods = chooseMethods([gradientRollout], {}, model.config);
  const { outputs, passes } = planMaps(model, methods, { batch, targets: 1, ranks: 1 });
  const [{ targets }] = passes;
  return {
    graph: outputs,
    inputs: { image: randomImages(model, batch), ...targets[0].values(sameFor(batch, target)) },
  };
}

const mostProbable: ClassTarget = { kind: 'rank', rank: 0 };

function sameFor(batch: number, target: ClassTarget): readonly ClassTarget[] {
  return Array.from({ length: batch }, () => target);
}

/** Numbers as a preprocessed image has them, the same at each call. */
function randomImages(model: VisionTransformer, batch: number): Float32Array<ArrayBuffer> {
  return randomValues(sizeOf([batch, ...model.inputShape]), generator(2), -2, 2);
}

function passOf(model: VisionTransformer, batch: number): Pass {
  return forwardPass(model, input('image', [batch, ...model.inputShape]));
}

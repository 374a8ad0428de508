import {
  chooseMethods,
  explained,
  forwardPass,
  gradientRollout,
  input,
  planMaps,
  sizeOf,
  targetInput,
  type ClassTarget,
  type Pass,
  type Tensor,
  type VisionTransformer,
} from 'vitrine';
import { generator, randomValues } from './random.js';

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

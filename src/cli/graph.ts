import { explain, explainsClass, targetSeed, type ClassTarget, type MethodName } from '../explain/index.js';
import type { VisionTransformer } from '../models/index.js';
import { record } from '../nn/index.js';
import { gradient, input, type Tensor } from '../tensor/index.js';
import type { ExplainOptions } from './explain-options.js';

/** A map that a program computes. */
export interface PlannedMap {
  readonly method: MethodName;
  /** Undefined for a method that explains no class. */
  readonly target: ClassTarget | undefined;
  /** The name of the program's output. */
  readonly output: string;
  /** `[1, gridRows, gridColumns]` */
  readonly tensor: Tensor;
}

/**
 * One graph for everything that was asked for: a forward pass, a backward pass for each class, and every map. The
 * input is named `image`.
 */
export function buildGraph(
  model: VisionTransformer,
  { methods, method: options, layers: [first, last], targets }: ExplainOptions,
): { logits: Tensor; maps: PlannedMap[] } {
  const { channels, imageSize } = model.config;
  const image = input('image', [1, channels, imageSize, imageSize]);
  const { output: logits, recorded } = record(model, image, /attn_drop$/);
  // Cut here, so that no gradient is taken of a layer that takes no part.
  const attentions = [...recorded.values()].slice(first, last + 1);
  const gradients = new Map<ClassTarget, Tensor[]>();
  const gradientsOf = (target: ClassTarget): Tensor[] => {
    const known = gradients.get(target) ?? gradient(logits, attentions, { seed: targetSeed(logits, target) });
    gradients.set(target, known);
    return known;
  };
  const maps = methods.flatMap((method) =>
    (explainsClass(method) ? targets : [undefined]).map((target, position) => ({
      method,
      target,
      output: `${method} ${position}`,
      tensor: explain(method, attentions, target ? gradientsOf(target) : [], model.geometry, options),
    })),
  );
  return { logits, maps };
}

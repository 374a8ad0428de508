import { VisionTransformer, type VisionTransformerConfig } from '../models/index.js';
import { crossEntropy, Linear, type Parameter } from '../nn/index.js';
import { slice, type Tensor } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import { initialize } from './initialize/initialize.js';
import type { SchemeName } from './initialize/schemes.js';

/**
 * A model, and, where it is known, a second classifier that tells what each patch shows. An image then teaches as many lessons as it has
 * patches, and the tokens learn to say what lies at their place. Only the model is kept in the end.
 * Source: Jiang et al., "All Tokens Matter: Token Labeling for Training Better Vision Transformers", 2021; the labels
 * are exact here, because the scenes' masks are.
 */
export class Learner {
  readonly #patchHead: Linear | undefined;

  /** @param telling whether it tells what each patch shows, too */
  constructor(
    readonly model: VisionTransformer,
    telling: boolean,
  ) {
    this.#patchHead = telling ? new Linear(model.config.width, model.config.classes + 1) : undefined;
  }

  /** What a configuration asks for; its parameters have no numbers yet. */
  static of({ model, patchLabels }: Pick<TrainConfig, 'model' | 'patchLabels'>, classes: number): Learner {
    return new Learner(new VisionTransformer(modelConfig(model, classes)), patchLabels > 0);
  }

  /**
   * Gives all parameters what they have before training, the second classifier nothing.
   * @param scheme as trained models look, if left out
   */
  initialize(seed: number, scheme: SchemeName = 'mimetic'): void {
    initialize(this.model, { scheme, seed });
    if (this.#patchHead) initialize(this.#patchHead, { scheme: 'zeros' });
  }

  /** All that is learned, by name. */
  get parameters(): [name: string, parameter: Parameter][] {
    const ofPatches = [...(this.#patchHead?.namedParameters() ?? [])];
    return [
      ...this.model.namedParameters(),
      ...ofPatches.map(([name, parameter]): [string, Parameter] => [`${patchHead}.${name}`, parameter]),
    ];
  }

  /**
   * @param tokens behind the last norm. [batch, prefix tokens + patches, width]
   * @param labels made where they are needed. [batch, patches, classes + 1]
   * @returns undefined of one that does not tell
   */
  patchLoss(tokens: Tensor, labels: () => Tensor): Tensor | undefined {
    if (!this.#patchHead) return undefined;
    const { prefixTokens } = this.model.geometry;
    return crossEntropy(this.#patchHead.call(slice(tokens, 1, prefixTokens)), labels());
  }
}

/** A model as it is configured for a training. */
function modelConfig(model: TrainConfig['model'], classes: number): VisionTransformerConfig {
  const given = Object.fromEntries(Object.entries(model).filter(([, value]) => value !== undefined));
  return {
    layerNormEpsilon: 1e-6,
    channels: 3,
    ...(given as typeof model),
    classes,
  } as VisionTransformerConfig;
}

/** What the names of its parameters begin with. */
export const patchHead = 'patch_head';

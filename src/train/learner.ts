import { sceneLabels } from '../models/index.js';
import { VisionTransformer } from '../models/index.js';
import { crossEntropy, Linear, type Parameter } from '../nn/index.js';
import { slice, type Tensor } from '../tensor/index.js';
import type { TrainConfig } from './config.js';
import { initialize } from './initialize/initialize.js';

/**
 * A model, and a second classifier that tells what each patch shows. An image then teaches as many lessons as it has
 * patches, and the tokens learn to say what lies at their place. Only the model is kept in the end.
 * Source: Jiang et al., "All Tokens Matter: Token Labeling for Training Better Vision Transformers", 2021; the labels
 * are exact here, because the scenes' masks are.
 */
export class Learner {
  readonly #patchHead: Linear;

  constructor(readonly model: VisionTransformer) {
    this.#patchHead = new Linear(model.config.width, model.config.classes + 1);
  }

  /** What a configuration asks for; its parameters have no numbers yet. */
  static of({ model }: Pick<TrainConfig, 'model'>): Learner {
    return new Learner(
      new VisionTransformer({ ...model, channels: 3, classes: sceneLabels.length, layerNormEpsilon: 1e-6 }),
    );
  }

  /** Gives all parameters what they have before training: the model as trained ones look, the second classifier nothing. */
  initialize(seed: number): void {
    initialize(this.model, { scheme: 'mimetic', seed });
    initialize(this.#patchHead, { scheme: 'zeros' });
  }

  /** All that is learned, by name. */
  get parameters(): [name: string, parameter: Parameter][] {
    const ofPatches = [...this.#patchHead.namedParameters()];
    return [
      ...this.model.namedParameters(),
      ...ofPatches.map(([name, parameter]): [string, Parameter] => [`${patchHead}.${name}`, parameter]),
    ];
  }

  /**
   * @param tokens behind the last norm. [batch, prefix tokens + patches, width]
   * @param labels [batch, patches, classes + 1]
   */
  patchLoss(tokens: Tensor, labels: Tensor): Tensor {
    const { prefixTokens } = this.model.geometry;
    return crossEntropy(this.#patchHead.call(slice(tokens, 1, prefixTokens)), labels);
  }
}

/** What the names of its parameters begin with. */
export const patchHead = 'patch_head';

import type { VisionTransformer } from '../models/index.js';
import type { Random } from '../random.js';

/**
 * Gives every parameter the value it has before training: matrices as Glorot has it, embeddings small, norms as the
 * identity, biases and the classifier 0.
 * Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
 * equation 16; Dosovitskiy et al., 2021, appendix, for the classifier.
 */
export function initialize(model: VisionTransformer, random: Random): void {
  for (const [name, parameter] of model.namedParameters()) {
    const { shape, size } = parameter;
    const fill = (value: () => number): void => {
      parameter.assign(Float32Array.from({ length: size }, value));
    };
    if (name.includes('norm') && name.endsWith('weight')) fill(() => 1);
    else if (name === 'cls_token' || name === 'pos_embed') fill(() => 0.02 * truncatedNormal(random));
    else if (name.endsWith('bias') || name.startsWith('head.')) fill(() => 0);
    else {
      const outputs = shape[0];
      const limit = Math.sqrt(6 / (outputs + size / outputs));
      fill(() => random.uniform(-limit, limit));
    }
  }
}

/** Normal, without what is further out than two standard deviations. */
function truncatedNormal(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= 2) return value;
  }
}

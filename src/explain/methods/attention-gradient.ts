import { matmul, multiply, relu } from '../../tensor/index.js';
import { combined } from '../combined-attention.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { patchMap } from '../propagation.js';

/**
 * Attention combined over layers, times the gradient of the class, as a study of vision transformers trained from scratch
 * draws it. Read as
 *
 *   C = mean over layers and heads of A,   D = mean over layers and heads of G,   map = relu(C D)[query, patches]
 *
 * from the one sentence which is all that its source says of it: "attention matrices combined over layers, times the
 * gradient of the intended class".
 */
export const attentionGradient = define({
  name: 'attention-gradient',
  explains: 'a class, by mean attention times mean gradient',
  source: {
    cited: 'a study of ViTs from scratch',
    title: 'Attention matrices combined over layers, times the gradient of the intended class',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  map(pass, options) {
    const chosen = attentionsAndGradients(pass, options.layers);
    const [attention, gradient] = (['attention', 'gradient'] as const).map((of) =>
      combined(chosen.map((layer) => layer[of])),
    );
    const row = matmul(pass.query, relu(multiply(attention, gradient)));
    return patchMap(row, attention.shape[0], pass.layout);
  },
});

import { mean, multiply, relu } from '../../tensor/index.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { queryMap, throughResidual } from '../propagation.js';

/**
 * Generic attention relevance. With A[l] the attention of layer l and G[l] the gradient of the class's score with
 * respect to it:
 *
 *   Abar[l] = mean_h(relu(A[l] G[l])),   R = I,   R = R + Abar[l] R for l = 1..L,   map = R[query, patches]
 *
 * No row normalisation.
 * Source: Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
 * Encoder-Decoder Transformers", ICCV 2021, equations 5 and 6.
 */
export const cheferIccv21 = define({
  name: 'chefer-iccv21',
  explains: 'a class, by attention times gradient, layer upon layer',
  source: {
    cited: 'Chefer, Gur & Wolf 2021',
    title:
      'Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder Transformers',
    url: 'https://arxiv.org/abs/2103.15679',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  map(pass, options) {
    const matrices = attentionsAndGradients(pass, options.layers).map(({ attention, gradient }) =>
      mean(relu(multiply(attention, gradient)), { axes: 1 }),
    );
    return queryMap(matrices, pass, throughResidual);
  },
});

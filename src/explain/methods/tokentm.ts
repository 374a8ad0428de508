import {
  add,
  divide,
  mean,
  multiply,
  matmul,
  relu,
  reshape,
  softmax,
  sqrt,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { attentionsAndGradients, chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { expectResiduals } from '../pass.js';
import { patchMap } from '../propagation.js';

const smallest = 1e-8;

/** Euclidean norms of tokens. `[batch, tokens]` */
const lengthOf = (tokens: Tensor): Tensor => sqrt(sum(multiply(tokens, tokens), { axes: 2 }));

/** How a layer changes a token: its growth, times the softmax over all tokens of how far it keeps its direction. `[batch, 1, tokens]` */
function transformation(before: Tensor, after: Tensor): Tensor {
  const [lengthBefore, lengthAfter] = [before, after].map(lengthOf);
  const along = sum(multiply(before, after), { axes: 2 });
  const cosine = divide(along, add(multiply(lengthBefore, lengthAfter), smallest));
  const growth = divide(lengthAfter, add(lengthBefore, smallest));
  const [batch, tokens] = cosine.shape;
  return reshape(multiply(growth, softmax(cosine)), [batch, 1, tokens]);
}

/**
 * TokenTM: attention weighted by its rectified gradient and by how each block transforms its tokens, in length and
 * direction. With m[l] the tokens between attention and MLP, u the transformation, Abar the mean of the heads:
 *
 *   Wa = u(z[l], m[l]),   Wm = u(m[l], z[l+1])
 *   U[l] = (I + diag(Wm)) (I + Abar diag(Wa) * mean_h relu(G))
 *   C = U[L-1] ... U[0] diag(|z[0]|),   map = C[query, patches]
 *
 * Source: Wu et al., "Token Transformation Matters: Towards Faithful Post-hoc Explanation for Vision Transformer",
 * CVPR 2024, equations 6 to 12, as implemented in LibraGrad's code.
 */
export const tokentm = define({
  name: 'tokentm',
  explains: 'a class, by attention and how tokens change',
  source: {
    cited: 'Wu et al. 2024',
    title: 'Token Transformation Matters: Towards Faithful Post-hoc Explanation for Vision Transformer',
    url: 'https://arxiv.org/abs/2403.14552',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  map(pass, options) {
    expectResiduals(pass);
    const chosen = chosenLayers(pass, options.layers);
    const gradients = attentionsAndGradients(pass, options.layers);
    const row = chosen.reduceRight((v, { tokens, middle, after }, l) => {
      const { attention, gradient } = gradients[l];
      const ofMlp = add(v, multiply(v, transformation(middle, after)));
      const rectified = mean(relu(gradient), { axes: 1 });
      const matrix = multiply(
        multiply(mean(attention, { axes: 1 }), transformation(tokens, middle)),
        rectified,
      );
      return add(ofMlp, matmul(ofMlp, matrix));
    }, pass.query);
    const [{ tokens }] = chosen;
    const [batch, count] = tokens.shape;
    return patchMap(multiply(row, reshape(lengthOf(tokens), [batch, 1, count])), batch, pass.layout);
  },
});

import { matmul, mean, multiply, type Tensor } from '../../tensor/index.js';
import { total } from '../evidence.js';
import { attentionsAndGradients, type LayerRange } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import type { Explained } from '../pass.js';
import { patchMap } from '../propagation.js';

/** What each patch hands directly to the query in each of the layers, signed, summed: `[batch, gridRows, gridColumns]`. */
export function handedOver(pass: Explained, range?: LayerRange): Tensor {
  const layers = attentionsAndGradients(pass, range);
  const rows = layers.map(({ attention, gradient }) =>
    matmul(pass.query, mean(multiply(attention, gradient), { axes: 1 })),
  );
  return patchMap(total(rows), layers[0].attention.shape[0], pass.layout);
}

/**
 * What each patch hands directly to the class token, layer by layer, weighted by all that the class token does with it
 * afterwards: `sum over l of mean_h(A[l] G[l])[query, patches]`, signed. It is the first order of gradient rollout's variant
 * `signed`. What passes the class token in several layers is counted in each, so the shares do not sum to the score.
 * Source: this project, on the rules of Mehri et al., "LibraGrad", CVPR 2025.
 */
export const handoff = define({
  name: 'handoff',
  explains: 'a class, by what the query was handed',
  source: {
    cited: 'vitrine',
    title: 'Handed to the query, weighted by the gradient of attention',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  shows: () => 'signed',
  map: (pass, options) => handedOver(pass, options.layers),
});

import { mean, multiply } from '../../tensor/index.js';
import { evidenceOf, mapOfTokens, total } from '../evidence.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';

/**
 * AttCAT: gradient times activation at the tokens that leave each block, weighted by how much attention each token got in
 * it,
 *
 *   sum over l of a[l] zg[l+1],   a[l]_i = mean over heads and queries of A[l][:, i]
 *
 * Source: Qiang et al., "AttCAT: Explaining Transformers via Attentive Class Activation Tokens", NeurIPS 2022, equations
 * 8 to 10, as implemented in LibraGrad's code.
 */
export const attcat = define({
  name: 'attcat',
  explains: 'a class, by the attended tokens of all blocks',
  source: {
    cited: 'Qiang et al. 2022',
    title: 'AttCAT: Explaining Transformers via Attentive Class Activation Tokens',
    url: 'https://openreview.net/forum?id=cA8Zor8wFr5',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  shows: () => 'signed',
  map(pass, options) {
    const chosen = chosenLayers(pass, options.layers);
    const gradients = pass.gradient(chosen.map(({ after }) => after));
    const rows = chosen.map(({ attention, after }, l) =>
      multiply(mean(attention, { axes: [1, 2] }), evidenceOf(after, gradients[l])),
    );
    return mapOfTokens(total(rows), pass.layout);
  },
});

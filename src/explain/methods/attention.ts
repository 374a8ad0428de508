import { matmul, reshape } from '../../tensor/index.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { block, headFusion, heads } from '../options.js';
import { captionsOfHeads, concernsOfHeads, headsOf, mapsOfTokens } from '../views.js';

/**
 * Attention of one block as it is: where the tokens that feed the classifier look, the class token or the mean of the
 * patches. `A[l][h][query, patches]` for each head, or of the fused heads. A row sums to 1 with the prefix's share.
 * Sources: Vaswani et al., "Attention Is All You Need", 2017, section 3.2; heads of the class token side by side: Caron et al.,
 * "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021, figure 1.
 */
export const attention = define({
  name: 'attention',
  explains: 'where the query looks in one block',
  source: {
    cited: 'Caron et al. 2021',
    title: 'Emerging Properties in Self-Supervised Vision Transformers',
    url: 'https://arxiv.org/abs/2104.14294',
  },
  of: 'pass',
  options: (model) => ({ block: block(model, 'last'), heads: heads(model), headFusion }),
  concerns: (options) => concernsOfHeads(options),
  captions: (pass, options) => captionsOfHeads(pass, options),
  map(pass, options) {
    const [layer] = chosenLayers(pass, [options.block, options.block]);
    const matrices = headsOf(layer.attention, options);
    const [batch, maps, , tokens] = matrices.shape;
    const query = reshape(pass.query, [pass.query.shape[0], 1, 1, tokens]);
    return mapsOfTokens(reshape(matmul(query, matrices), [batch, maps, tokens]), pass.layout);
  },
});

import { matmul, permute, reshape } from '../../tensor/index.js';
import { define } from '../method.js';
import { block, headFusion, heads, patch } from '../options.js';
import { visionTransformerExplainability } from '../sources.js';
import { captionsOfPatch, concernsOfHeads, headsOf, mapsOfTokens, ofPatch } from '../views.js';

/**
 * How well one patch's query fits the keys of all patches, before the softmax picks the best: the row of `q k^T` at the patch,
 * for each head or of the fused heads.
 * Source: Gildenblat, "Exploring Explainability for Vision Transformers", 2020.
 */
export const queryKeyProduct = define({
  name: 'query-key-product',
  explains: "how well keys fit one patch's query",
  source: visionTransformerExplainability,
  of: 'pass',
  options: (model) => ({ patch: patch(model), block: block(model, 'last'), heads: heads(model), headFusion }),
  concerns: (options) => concernsOfHeads(options, 'patch'),
  shows: () => 'level',
  captions: (pass, options) => captionsOfPatch(pass, options),
  map({ layers, layout }, options) {
    const { query, key } = layers[options.block];
    const [batch, count, tokens, width] = key.shape;
    const own = reshape(ofPatch(query, 2, options.patch, layout), [batch, count, 1, width]);
    const products = reshape(matmul(own, permute(key, [0, 1, 3, 2])), [batch, count, tokens]);
    return mapsOfTokens(headsOf(products, options), layout);
  },
});

import { matmul, mean, multiply, relu, reshape, slice } from '../../tensor/index.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { patchMap } from '../propagation.js';

/**
 * Grad-CAM on the attention of one layer, the last that takes part: each head is weighted by the mean gradient of its
 * query row,
 *
 *   w_h = mean over patches j of G[h][query, j],   map = relu(mean_h w_h A[h][query, patches])
 *
 * Source: Selvaraju et al., "Grad-CAM", 2017, equations 1 and 2, with heads in the place of channels, as the
 * baseline of Chefer, Gur and Wolf, "Transformer Interpretability Beyond Attention Visualization", 2021.
 */
export const attentionGradcam = define({
  name: 'attention-gradcam',
  explains: 'a class, from the last of the layers alone',
  source: {
    cited: 'Selvaraju et al. 2017, on attention heads',
    title: 'Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization',
    url: 'https://arxiv.org/abs/1610.02391',
  },
  of: 'class',
  options: (model) => ({ layers: layers(model) }),
  map(pass, options) {
    const [, last] = options.layers;
    const [{ attention, gradient }] = attentionsAndGradients(pass, [last, last]);
    const { layout } = pass;
    const [batch, , , tokens] = attention.shape;
    const query = reshape(pass.query, [pass.query.shape[0], 1, 1, tokens]);
    // The query's row, or the mean of the queries' rows: [batch, heads, 1, tokens].
    const [attentionRow, gradientRow] = [attention, gradient].map((matrix) => matmul(query, matrix));
    const weights = mean(slice(gradientRow, 3, layout.prefixTokens), { axes: 3, keepDims: true });
    const weighted = mean(multiply(weights, attentionRow), { axes: 1 }); // [batch, 1, tokens]
    return patchMap(relu(weighted), batch, layout);
  },
});

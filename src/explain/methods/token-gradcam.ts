import { matmul, mean, permute, relu, reshape, slice } from '../../tensor/index.js';
import { define } from '../method.js';
import { block } from '../options.js';

/**
 * Grad-CAM on tokens: the channels of the normalised tokens that a block's attention takes, weighted by their mean gradient
 * over the patches,
 *
 *   alpha_c = mean over patches t of dy/dz_tc,   map = relu(sum over c of alpha_c z_tc)
 *
 * Source: Selvaraju et al., "Grad-CAM", 2017, equations 1 and 2, on the first norm of the last block, as pytorch-grad-cam
 * recommends for vision transformers.
 */
export const tokenGradcam = define({
  name: 'token-gradcam',
  explains: 'a class, by the channels of the last block',
  source: {
    cited: 'Selvaraju et al. 2017, on tokens',
    title: 'Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization',
    url: 'https://arxiv.org/abs/1610.02391',
  },
  of: 'class',
  options: (model) => ({ block: block(model, 'last') }),
  map(pass, options) {
    const { prefixTokens, grid } = pass.layout;
    const { normed } = pass.layers[options.block];
    const [gradient] = pass.gradient([normed]);
    const patches = slice(normed, 1, prefixTokens); // [batch, patches, width]
    const weights = mean(slice(gradient, 1, prefixTokens), { axes: 1, keepDims: true }); // [batch, 1, width]
    const map = matmul(weights, permute(patches, [0, 2, 1])); // [batch, 1, patches]
    return reshape(relu(map), [normed.shape[0], ...grid]);
  },
});

import { evidenceOf, evidenceOfBiases, mapOfTokens, total } from '../evidence.js';
import { define } from '../method.js';
import { libraGrad } from '../sources.js';

/**
 * FullGrad: gradient times input at the first block, and what the biases of all blocks count where they are added,
 *
 *   zg[0] + sum over l of b[l],   b[l] = sum over the biases of block l of bias . gradient there
 *
 * Sources: Srinivas and Fleuret, "Full-Gradient Representation for Neural Network Visualization", NeurIPS 2019; on
 * vision transformers: Mehri et al., "LibraGrad", CVPR 2025.
 */
export const fullgrad = define({
  name: 'fullgrad',
  explains: 'a class, by the first tokens and all biases',
  source: libraGrad,
  of: 'class',
  options: () => ({}),
  shows: () => 'signed',
  map(pass) {
    const { layers, layout } = pass;
    const [{ tokens }] = layers;
    const [gradient] = pass.gradient([tokens]);
    const biases = layers.map((layer) => evidenceOfBiases(pass, layer)).filter((row) => row !== undefined);
    return mapOfTokens(total([evidenceOf(tokens, gradient), ...biases]), layout);
  },
});

import { evidenceOf, mapOfTokens } from '../evidence.js';
import { define } from '../method.js';
import { block } from '../options.js';
import { libraGrad } from '../sources.js';

/**
 * Gradient times input at the tokens that enter a block, `sum over channels of z[l] g[l]`. Under the rules `libra` it is a
 * share of the score: with what the biases of this block and of those above count, the tokens' shares sum to it. At block 0
 * that is CP-LRP.
 * Sources: Mehri et al., "LibraGrad", CVPR 2025; Ali et al., "XAI for Transformers", ICML 2022.
 */
export const ixg = define({
  name: 'ixg',
  explains: 'a class, by the tokens that enter a block',
  source: libraGrad,
  of: 'class',
  options: (model) => ({ block: block(model) }),
  shows: () => 'signed',
  map(pass, options) {
    const { tokens } = pass.layers[options.block];
    const [gradient] = pass.gradient([tokens]);
    return mapOfTokens(evidenceOf(tokens, gradient), pass.layout);
  },
});

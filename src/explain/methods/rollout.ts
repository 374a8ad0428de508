import type { ModelSizes } from '../../geometry.js';
import type { Tensor } from '../../tensor/index.js';
import { discard } from '../discard.js';
import { fuseHeads } from '../heads.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { discardRatio, headFusion, layers, type MethodOptions } from '../options.js';
import type { Pass } from '../pass.js';
import { queryMap, throughNormalised } from '../propagation.js';

const optionsOf = (model: ModelSizes) => ({ headFusion, discardRatio, layers: layers(model) });

/** The attention of the layers that take part, heads fused and the smallest discarded: `[batch, tokens, tokens]`, first layer first. */
export function keptAttention(
  pass: Pass,
  options: MethodOptions<ReturnType<typeof optionsOf>>,
): readonly Tensor[] {
  return chosenLayers(pass, options.layers).map(({ attention }) =>
    discard(fuseHeads(attention, options.headFusion), options.discardRatio, pass.layout.prefixTokens),
  );
}

/**
 * Attention rollout, from the tokens that feed the classifier back to the patches. With A[l] the attention of layer l,
 * fused over heads, `discard` its smallest entries set to 0, and I the identity (the residual connection):
 *
 *   Ahat[l] = rownorm(discard(fuse(A[l])) + I)
 *   R = Ahat[L] ... Ahat[1],   map = R[query, patches]
 *
 * Sources: Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020, section 3; fusion other than
 * the mean and discarding: Gildenblat, "Exploring Explainability for Vision Transformers", 2020.
 */
export const rollout = define({
  name: 'rollout',
  explains: 'what was looked at, for any class',
  source: {
    cited: 'Abnar & Zuidema 2020',
    title: 'Quantifying Attention Flow in Transformers',
    url: 'https://arxiv.org/abs/2005.00928',
  },
  of: 'pass',
  options: optionsOf,
  map: (pass, options) => queryMap(keptAttention(pass, options), pass, throughNormalised),
});

import { tokenCount } from '../../geometry.js';
import { concat, expand } from '../../tensor/index.js';
import { LayeredFlow } from '../maximum-flow.js';
import { define } from '../method.js';
import { expectResiduals } from '../pass.js';
import { normalised } from '../propagation.js';
import { keptAttention, rollout } from './rollout.js';

/**
 * Attention flow: how much could flow at most from each patch to the tokens that feed the classifier, if the edges between the
 * tokens of neighbouring layers carry no more than their attention. With the matrices of rollout as capacities,
 *
 *   Ahat[l] = rownorm(discard(fuse(A[l])) + I),   map = maximum flow from the query above layer L to the patch below layer 1
 *
 * where the query is one more layer, a row of edges. What rollout gives a patch is one such flow, so this is never less; nor more
 * than the query sends, 1, or than all edges of the first layer to the patch carry.
 * Source: Abnar and Zuidema, "Quantifying Attention Flow in Transformers", 2020, section 3.
 */
export const attentionFlow = define({
  name: 'attention-flow',
  explains: 'what could be looked at, at most; slow',
  source: rollout.source,
  of: 'pass',
  options: rollout.options,
  map(pass, options) {
    expectResiduals(pass);
    const [first, ...others] = keptAttention(pass, options).map(normalised).reverse();
    const [batch, tokens] = first.shape;
    return concat([expand(pass.query, [batch, 1, tokens]), first, ...others], 1);
  },
  *finish(values, layout) {
    const tokens = tokenCount(layout);
    const area = tokens * tokens;
    const [query, ...starts] = [0, ...range((values.length - tokens) / area).map((l) => tokens + l * area)];
    const layers = starts.map((start) => Float64Array.from(values.subarray(start, start + area)));
    const flow = new LayeredFlow(Float64Array.from(values.subarray(query, tokens)), layers);
    const map = new Float32Array(tokens - layout.prefixTokens);
    for (let patch = 0; patch < map.length; patch++) {
      map[patch] = flow.to(layout.prefixTokens + patch);
      yield;
    }
    return map;
  },
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

import { concat, multiply, reshape, slice, sum, type Tensor } from '../../tensor/index.js';
import { intoHeads } from '../../nn/heads.js';
import { define } from '../method.js';
import { block, choice } from '../options.js';
import type { Explained } from '../pass.js';
import { mapsOfTokens } from '../views.js';

/** Gradient times input in one block, entry by entry. `[batch, heads, tokens, headWidth]` */
function counted(pass: Explained, of: { readonly block: number; readonly at: 'value' | 'mixed' }): Tensor {
  const layer = pass.layers[of.block];
  const x = layer[of.at];
  const [gradient] = pass.gradient([x]);
  const product = multiply(x, gradient);
  return of.at === 'value' ? product : intoHeads(product, layer.value.shape[1]);
}

/**
 * One relevance, divided up in three ways: what the attention of a block counts in the score, to first order, by patches, by heads and
 * by channels,
 *
 *   e = x dscore/dx,   patch t: sum over h, c of e[h, t, c],   head h: sum over t, c,   channel (h, c): sum over t
 *
 * with x the values v[l], where they are read, or what attention mixes of them, A[l] v[l], where it is written. Each division sums
 * to the same number; the maps are of all heads together and of each. What rollout keeps of attention is where; this is
 * what else there was. Under the rules `libra` both x sum to the same, since A is constant between them.
 * Source: this project, on gradient times input.
 */
export const spaceAndChannels = define({
  name: 'space-and-channels',
  explains: 'a class, by the patches, heads and channels of one block',
  source: { cited: 'vitrine', title: 'One relevance, divided among patches, heads and channels' },
  of: 'class',
  options: (model) => ({
    block: block(model, 'last'),
    at: choice(
      ['value', 'mixed'],
      'values where heads read them, or what heads make of them where they write it',
    ),
  }),
  shows: () => 'signed',
  captions: ({ layers }, options) => [
    `block ${options.block}, all heads`,
    ...Array.from({ length: layers[options.block].value.shape[1] }, (_, head) => `head ${head}`),
  ],
  map(pass, options) {
    const ofHeads = sum(counted(pass, options), { axes: 3 }); // [batch, heads, tokens]
    const all = sum(ofHeads, { axes: 1, keepDims: true });
    return mapsOfTokens(concat([all, ofHeads], 1), pass.layout);
  },
  numbers(pass, options) {
    const e = counted(pass, options);
    const [batch, heads, , width] = e.shape;
    const prefix = slice(e, 2, 0, pass.layout.prefixTokens);
    return {
      ...(prefix.size === 0 ? {} : { prefix: sum(prefix, { axes: [1, 3] }) }),
      heads: sum(e, { axes: [2, 3] }),
      channels: reshape(sum(e, { axes: 2 }), [batch, heads * width]),
    };
  },
});

import { chosenLayers } from '../layers.js';
import { define, type Source } from '../method.js';
import { block, headFusion, heads, patch } from '../options.js';
import { captionsOfPatch, concernsOfHeads, headsOf, mapsOfTokens, ofPatch } from '../views.js';

const source: Source = {
  cited: 'Vaswani et al. 2017',
  title: 'Attention Is All You Need',
  url: 'https://arxiv.org/abs/1706.03762',
};

/** A row or a column of attention, by the axis that is taken at the patch. */
function atPatch(about: { readonly name: string; readonly explains: string }, axis: 2 | 3) {
  return define({
    ...about,
    source,
    of: 'pass',
    options: (model) => ({
      patch: patch(model),
      block: block(model, 'last'),
      heads: heads(model),
      headFusion,
    }),
    concerns: (options) => concernsOfHeads(options, 'patch'),
    captions: (pass, options) => captionsOfPatch(pass, options),
    map(pass, options) {
      const [layer] = chosenLayers(pass, [options.block, options.block]);
      return mapsOfTokens(
        headsOf(ofPatch(layer.attention, axis, options.patch, pass.layout), options),
        pass.layout,
      );
    },
  });
}

/** Where one patch looks in a block: `A[l][h][patch, patches]`, a part of a row that sums to 1 with the prefix's share. */
export const attentionFrom = atPatch(
  { name: 'attention-from', explains: 'where one patch looks in one block' },
  2,
);

/** Which patches look at one patch in a block, and how much: `A[l][h][patches, patch]`. */
export const attentionTo = atPatch(
  { name: 'attention-to', explains: 'what looks at one patch in one block' },
  3,
);

import { constant, equal, expand, max, multiply, reshape, slice, type Tensor } from '../../tensor/index.js';
import { layersIn } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import type { Pass } from '../pass.js';
import { captionsOfBlocks, sideBySide } from '../views.js';

/**
 * What the classifier makes of each patch alone: as if all tokens were this one, so that whatever is pooled is it.
 * @param tokens `[batch, tokens, width]`
 * @returns logits `[batch, patches, classes]`
 */
function ofEachPatch(tokens: Tensor, pass: Pass): Tensor {
  const { prefixTokens } = pass.layout;
  const patches = slice(tokens, 1, prefixTokens);
  const [batch, count, width] = patches.shape;
  const one = reshape(patches, [batch * count, 1, width]);
  // The fewest that every pooling has its tokens among.
  const logits = pass.classify(expand(one, [batch * count, prefixTokens + 1, width]));
  return reshape(logits, [batch, count, logits.shape[1]]);
}

/** The class that has the highest of each patch's logits; of several the last. `[batch, patches, classes]` to `[batch, patches]` */
function winnerOf(logits: Tensor): Tensor {
  const numbers = Float32Array.from({ length: logits.shape[2] }, (_, index) => index);
  const isHighest = equal(logits, max(logits, { axes: 2, keepDims: true }));
  return max(multiply(isHighest, constant(numbers, [numbers.length])), { axes: 2 });
}

/**
 * The logit lens: what the model would say if it ended after each block, `head(norm(z[l + 1]))`. The maps show how strongly
 * each patch by itself would vote for the class, the votes which class it would be taken for, the readings what the whole picture
 * would, and how that forms; at the last block it is the prediction. Earlier blocks were never trained to be read like this.
 * Source: nostalgebraist, "interpreting GPT: the logit lens", 2020; on patches: Vilas et al., "Analyzing Vision Transformers for
 * Image Classification in Class Embedding Space", NeurIPS 2023.
 */
export const logitLens = define({
  name: 'logit-lens',
  explains: 'a class: how it forms, block by block',
  source: {
    cited: 'Vilas et al. 2023',
    title: 'Analyzing Vision Transformers for Image Classification in Class Embedding Space',
    url: 'https://arxiv.org/abs/2310.18969',
  },
  of: 'class',
  rules: 'none',
  options: (model) => ({ layers: layers(model) }),
  shows: () => 'level',
  captions: (_pass, options) => captionsOfBlocks(options.layers),
  readings: (pass, options) =>
    sideBySide(layersIn(pass, options.layers).map(({ after }) => pass.classify(after))),
  votes: (pass, options) =>
    sideBySide(layersIn(pass, options.layers).map(({ after }) => winnerOf(ofEachPatch(after, pass)))),
  map(pass, options) {
    const votes = layersIn(pass, options.layers).map(({ after }) => pass.scoreOf(ofEachPatch(after, pass)));
    const [batch] = votes[0].shape;
    return reshape(sideBySide(votes), [batch, votes.length, ...pass.layout.grid]);
  },
});

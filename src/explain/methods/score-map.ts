import { max, mean, slice } from '../../tensor/index.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { captionsOfBlocks, mapsOfTokens, sideBySide } from '../views.js';

/**
 * The peak of each patch's attention in each block, `mean_h max_j A[l][h][i, j]` over patches j: high where a patch looks at
 * one place, low where it looks everywhere.
 * Source: this project.
 */
export const scoreMap = define({
  name: 'score-map',
  explains: 'how sharply each patch looks, block by block',
  source: { cited: 'vitrine', title: 'Score maps: the peak attention of every layer' },
  of: 'pass',
  options: (model) => ({ layers: layers(model) }),
  captions: (_pass, options) => captionsOfBlocks(options.layers),
  map(pass, options) {
    const { prefixTokens } = pass.layout;
    const peaks = chosenLayers(pass, options.layers).map(({ attention }) =>
      mean(max(slice(attention, 3, prefixTokens), { axes: 3 }), { axes: 1 }),
    );
    return mapsOfTokens(sideBySide(peaks), pass.layout);
  },
});

import { multiply, sqrt, sum } from '../../tensor/index.js';
import { layersIn } from '../layers.js';
import { define } from '../method.js';
import { layers } from '../options.js';
import { captionsOfBlocks, mapsOfTokens, sideBySide } from '../views.js';

/**
 * Euclidean norms of the patches' tokens after each block. A few that are much longer than all others, most often in plain
 * background, are artifacts: the model keeps something there that is not of that place.
 * Source: Darcet et al., "Vision Transformers Need Registers", ICLR 2024, section 2.
 */
export const tokenNorms = define({
  name: 'token-norms',
  explains: 'how long tokens are, block by block',
  source: {
    cited: 'Darcet et al. 2024',
    title: 'Vision Transformers Need Registers',
    url: 'https://arxiv.org/abs/2309.16588',
  },
  of: 'pass',
  options: (model) => ({ layers: layers(model) }),
  captions: (_pass, options) => captionsOfBlocks(options.layers),
  map(pass, options) {
    const norms = layersIn(pass, options.layers).map(({ after }) =>
      sqrt(sum(multiply(after, after), { axes: 2 })),
    );
    return mapsOfTokens(sideBySide(norms), pass.layout);
  },
});

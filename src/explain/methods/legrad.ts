import {
  add,
  divide,
  expand,
  gradient,
  max,
  mean,
  min,
  relu,
  reshape,
  slice,
  subtract,
  type Tensor,
} from '../../tensor/index.js';
import { total } from '../evidence.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { choice, layers } from '../options.js';
import type { Explained, Layer } from '../pass.js';

/** The mean over heads and queries of the rectified gradient of a layer's own score. `[batch, tokens]` */
function sensitivity(pass: Explained, { attention, after }: Layer): Tensor {
  const average = mean(after, { axes: 1, keepDims: true });
  // In the place of every token, so that whatever is pooled is the mean.
  const logits = pass.classify(expand(average, after.shape));
  // The seed may depend on the whole model, of which this layer's score is no function.
  const [ofAttention] = gradient(logits, [attention], { seed: pass.seed });
  return mean(relu(ofAttention), { axes: [1, 2] });
}

/**
 * LeGrad: how sensitive each layer's own score is to its attention. The score of layer l is what the classifier makes of the
 * mean of all its tokens; its gradient crosses that layer alone,
 *
 *   s[l] = seed . head(norm(mean over tokens of z[l+1])),   E[l] = mean over heads and queries of relu(ds[l]/dA[l])
 *   map = mean over l of E[l][patches],   scaled from 0 to 1
 *
 * Source: Bousselham et al., "LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity",
 * ICCV 2025, equations 4 to 9.
 */
export const legrad = define({
  name: 'legrad',
  explains: "a class, by each layer's own score",
  source: {
    cited: 'Bousselham et al. 2025',
    title: 'LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity',
    url: 'https://arxiv.org/abs/2404.03214',
  },
  of: 'class',
  rules: 'own',
  options: (model) => ({
    layers: layers(model),
    scaling: choice(['min-max', 'none'], 'how the sum of the layers is scaled'),
  }),
  map(pass, options) {
    const chosen = chosenLayers(pass, options.layers);
    const rows = chosen.map((layer) => sensitivity(pass, layer));
    const row = divide(total(rows), rows.length);
    const patches = slice(row, 1, pass.layout.prefixTokens);
    const scaled = options.scaling === 'none' ? patches : fromZeroToOne(patches);
    return reshape(scaled, [row.shape[0], ...pass.layout.grid]);
  },
});

/** A map that is the same everywhere becomes one of zeros. */
const smallestRange = 1e-30;

function fromZeroToOne(row: Tensor): Tensor {
  const [least, greatest] = [min, max].map((fold) => fold(row, { axes: 1, keepDims: true }));
  return divide(subtract(row, least), add(subtract(greatest, least), smallestRange));
}

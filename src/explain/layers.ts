import { ShapeError } from '../errors.js';
import { tokenCount } from '../geometry.js';
import { formatShape, type Tensor } from '../tensor/index.js';
import { checkTensors } from '../tensor/tensor.js';
import type { Explained, Layer, Pass } from './pass.js';

/** First and last layer that take part, counted from 0 as in `blocks.0`. */
export type LayerRange = readonly [first: number, last: number];

/**
 * The layers of a pass that take part in a map, first layer first.
 * @param range within the layers, as the option `layers` has checked; all if left out
 * @throws ShapeError if the pass has none
 */
export function layersIn({ layers }: Pass, range?: LayerRange): readonly Layer[] {
  if (layers.length === 0) {
    throw new ShapeError('An explanation needs the attention of at least one layer.');
  }
  return range ? layers.slice(range[0], range[1] + 1) : layers;
}

/**
 * The same for those that look at attention.
 * @throws ShapeError if the pass has none, or their attention does not fit the layout; NoAttentionError if they have none
 */
export function chosenLayers(pass: Pass, range?: LayerRange): readonly Layer[] {
  const { layers, layout } = pass;
  const chosen = layersIn(pass, range);
  const tokens = tokenCount(layout);
  for (const { attention } of layers) {
    checkTensors('The attention of a layer', attention);
    const { rank, shape } = attention;
    if (rank !== 4 || shape[2] !== tokens || shape[3] !== tokens) {
      throw new ShapeError(
        `Attention of shape ${formatShape(shape)} does not fit ${tokens} tokens; ` +
          `expected [batch, heads, ${tokens}, ${tokens}].`,
      );
    }
  }
  return chosen;
}

/**
 * The attention of the layers that take part, and the gradient of the score with respect to each, `G`.
 * @throws ShapeError as `chosenLayers`
 */
export function attentionsAndGradients(
  pass: Explained,
  range?: LayerRange,
): readonly { readonly attention: Tensor; readonly gradient: Tensor }[] {
  const attentions = chosenLayers(pass, range).map(({ attention }) => attention);
  const gradients = pass.gradient(attentions);
  return attentions.map((attention, layer) => ({ attention, gradient: gradients[layer] }));
}

import type { Explained, Layer, Tensor, TokenGeometry } from '../../src/index.js';

/**
 * A pass of which attention alone is known, `[batch, heads, tokens, tokens]` a layer, together with gradients from
 * nowhere: what the methods of the rollout family take.
 */
export function passOf(
  attentions: readonly Tensor[],
  layout: TokenGeometry,
  gradients: readonly Tensor[] = [],
): Explained {
  const unknown = (): never => {
    throw new Error('This pass knows nothing but attention and its gradients.');
  };
  const layers = attentions.map((attention) => {
    return { attention } as Layer;
  });
  return {
    layers,
    layout,
    gradient: (of) => of.map((tensor) => gradients[attentions.indexOf(tensor)]),
    classify: unknown,
    again: unknown,
    get image() {
      return unknown();
    },
    get logits() {
      return unknown();
    },
    get score() {
      return unknown();
    },
  };
}

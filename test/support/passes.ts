import {
  input,
  meanOfTokens,
  tokenCount,
  type Explained,
  type Layer,
  type Tensor,
  type TokenGeometry,
} from '../../src/index.js';

/** Tokens whose mean feeds a classifier, among others. */
export interface QueriedGeometry extends TokenGeometry {
  readonly queryTokens: readonly number[];
}

/**
 * A pass of which attention alone is known, `[batch, heads, tokens, tokens]` a layer, together with gradients from
 * nowhere: what the methods of the rollout family take.
 */
export function passOf(
  attentions: readonly Tensor[],
  layout: QueriedGeometry,
  gradients: readonly Tensor[] = [],
): Explained {
  const unknown = (): never => {
    throw new Error('This pass knows nothing but attention and its gradients.');
  };
  const layers = attentions.map((attention) => {
    const [batch, heads, tokens] = attention.shape;
    return { attention, query: input('query', [batch, heads, tokens, 2]) } as Layer;
  });
  const pass: Explained = {
    layers,
    layout,
    under: () => pass,
    ofLogProbability: () => pass,
    query: queryOf(layout),
    gradient: (of) => of.map((tensor) => gradients[attentions.indexOf(tensor)]),
    classify: unknown,
    scoreOf: unknown,
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
    get seed() {
      return unknown();
    },
  };
  return pass;
}

/** The row that feeds the classifier. `[1, 1, tokens]` */
export function queryOf(layout: QueriedGeometry): Tensor {
  return meanOfTokens(layout.queryTokens, tokenCount(layout));
}

import type { TokenGeometry } from '../geometry.js';
import { tokenCount } from '../geometry.js';
import type { AttentionPool } from '../nn/index.js';
import {
  concat,
  divide,
  equal,
  expand,
  literal,
  max,
  mean,
  reshape,
  select,
  slice,
  sum,
  type Tensor,
} from '../tensor/index.js';

/** What pooling knows of its model. */
export interface Pooled {
  readonly geometry: TokenGeometry;
  /** The first token that is pooled with the patches. */
  readonly first: number;
  /** The tokens that stand for the image, if any do: the class token, and the distillation token beside it. */
  readonly summaries: number;
  readonly attention: AttentionPool | undefined;
}

/** How tokens become what is classified. */
export interface Pooling {
  /** Width of the features by that of a token. */
  readonly widths: 1 | 2;
  /** `[batch, tokens, width]` to `[batch, widths * width]`: one for each classifier. */
  readonly features: (tokens: Tensor, model: Pooled) => readonly Tensor[];
  /**
   * How much each token counts in that, as weights that sum to 1: the row that explanations by attention begin with.
   * `[batch, 1, tokens]`, or a batch of 1 if it is the same for all.
   */
  readonly query: (tokens: Tensor, model: Pooled) => Tensor;
}

const pooledTokens = (tokens: Tensor, { first }: Pooled): Tensor => slice(tokens, 1, first);
const summary = (tokens: Tensor): Tensor => select(tokens, 1, 0);
const average = (tokens: Tensor, model: Pooled): Tensor => mean(pooledTokens(tokens, model), { axes: 1 });

/** Positions `from` up to `to`. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/**
 * The mean of some tokens' unit vectors, as a row. Made of literals, so that the compiler sees where it is 0: of a matrix that
 * the row is multiplied with, only the rows of these tokens are worked out. `[1, 1, tokens]`
 */
export function meanOfTokens(tokens: readonly number[], count: number): Tensor {
  const weights = new Array<number>(count).fill(0);
  for (const token of tokens) weights[token] += 1 / tokens.length;
  const starts = range(0, count).filter((token) => token === 0 || weights[token] !== weights[token - 1]);
  const runs = starts.map((start, i) =>
    expand(literal(weights[start]), [1, 1, (starts.at(i + 1) ?? count) - start]),
  );
  return runs.length === 1 ? runs[0] : concat(runs, 2);
}

const averageRow = ({ geometry, first }: Pooled): Tensor => {
  const count = tokenCount(geometry);
  return meanOfTokens(range(first, count), count);
};

/** A row over the tokens that are pooled, `[batch, 1, pooled]`, with nothing for those before them. */
function withPrefix(row: Tensor, { first }: Pooled): Tensor {
  if (first === 0) return row;
  const nothing = expand(literal(0), [row.shape[0], 1, first]);
  return concat([nothing, row], 2);
}

export const poolings = {
  /** The tokens that stand for the image. */
  token: {
    widths: 1,
    features: (tokens, { summaries }) => range(0, summaries).map((token) => select(tokens, 1, token)),
    query: (_tokens, { geometry, summaries }) => meanOfTokens(range(0, summaries), tokenCount(geometry)),
  },
  avg: {
    widths: 1,
    features: (tokens, model) => [average(tokens, model)],
    query: (_tokens, model) => averageRow(model),
  },
  /** A token counts by its share of the numbers that are largest in it; of equals, each. */
  max: {
    widths: 1,
    features: (tokens, model) => [max(pooledTokens(tokens, model), { axes: 1 })],
    query: (tokens, model) => {
      const pooled = pooledTokens(tokens, model);
      const largest = equal(pooled, max(pooled, { axes: 1, keepDims: true }));
      const shares = divide(largest, sum(largest, { axes: 1, keepDims: true }));
      return withPrefix(reshape(mean(shares, { axes: 2 }), [pooled.shape[0], 1, pooled.shape[1]]), model);
    },
  },
  /** The pooling's own attention, the mean of its heads. */
  map: {
    widths: 1,
    features: (tokens, model) => [attentionOf(model).call(pooledTokens(tokens, model))],
    query: (tokens, model) =>
      withPrefix(mean(attentionOf(model).attention(pooledTokens(tokens, model)), { axes: 1 }), model),
  },
  /** Class token and mean of the patches side by side. */
  'token-avg': {
    widths: 2,
    features: (tokens, model) => [concat([summary(tokens), average(tokens, model)], 1)],
    query: (_tokens, model) => {
      const count = tokenCount(model.geometry);
      const both = concat([meanOfTokens([0], count), averageRow(model)], 1);
      return mean(both, { axes: 1, keepDims: true });
    },
  },
} as const satisfies Record<string, Pooling>;

export type PoolingKind = keyof typeof poolings;

function attentionOf({ attention }: Pooled): AttentionPool {
  if (!attention) throw new TypeError('A model that pools by attention has an attention pool.');
  return attention;
}

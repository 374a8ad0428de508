import { Identity, type ForwardHook } from '../../nn/index.js';
import {
  add,
  concat,
  constant,
  expand,
  mean,
  multiply,
  reshape,
  slice,
  subtract,
  type Shape,
  type Tensor,
} from '../../tensor/index.js';
import { fuseHeads } from '../heads.js';
import type { LayerRange } from '../layers.js';
import { expectResiduals, forwardPass, type Explainable, type Pass } from '../pass.js';
import { patchMap, throughNormalised } from '../propagation.js';
import type { StandIn } from './ablation.js';
import { hooked, type Hooks } from './hooked.js';

/** A picture's forward pass, and one more for each head that is knocked out. */
export interface KnockOuts {
  /** The model as it is. */
  readonly whole: Pass;
  /** First of the model as it is, then without each head, block by block. `[1 + knockOuts, classes]` */
  readonly logits: Tensor;
  /** Attention rollout of the same. `[1 + knockOuts, gridRows, gridColumns]` */
  readonly rollout: Tensor;
}

/**
 * Knocks out every head of some blocks, each alone, without computing anything twice: up to a head's block its pass is that of
 * the model as it is. So the batch grows as it goes up, from 1 by `heads` at each block: in block l there are
 * 1 + heads l passes up to the product of attention and values, and heads more from there on.
 * @param image of one picture. `[1, channels, height, width]`
 * @param heads of each block
 * @param blocks the first and last of those that lose a head; in those after them the batch stays as it is
 */
export function knockOutHeads(
  model: Explainable,
  image: Tensor,
  heads: number,
  blocks: LayerRange,
  by: StandIn,
): KnockOuts {
  const pass = hooked(model, growth(heads, blocks, by), () => forwardPass(model, image));
  const { logits } = pass;
  return {
    whole: { ...pass, logits: slice(logits, 0, 0, 1) },
    logits,
    rollout: rolloutOfAll(pass),
  };
}

/**
 * What makes a block's batch grow: its tokens do, by copies of the first, but attention is worked out for those alone that were
 * there before; then it grows too, by copies of the first that lack one head each.
 */
function growth(heads: number, [first, last]: LayerRange, by: StandIn): Hooks {
  const own = eye(heads, [heads, heads, 1, 1]);
  const others = subtract(1, own);
  const grow: ForwardHook = (_module, _x, y) =>
    concat([y, expand(firstOf(y), [heads, ...y.shape.slice(1)])], 0);
  const shrink: ForwardHook = (_module, _x, y) => slice(y, 0, 0, y.shape[0] - heads);
  const knockOut: ForwardHook = (_module, _x, attention) => {
    const whole = firstOf(attention);
    const without = multiply(whole, others);
    const replaced =
      by === 'zero' ? without : add(without, multiply(mean(whole, { axes: 2, keepDims: true }), own));
    return concat([attention, replaced], 0);
  };
  const hide: ForwardHook = (module, _x, mixed) => {
    // Without a norm, what a head mixes of no attention is 0 already.
    if (by === 'mean' || module instanceof Identity) return undefined;
    const [count, , width] = mixed.shape;
    const columns = expand(eye(heads, [heads, 1, heads, 1]), [heads, 1, heads, width / heads]);
    const read = subtract(1, reshape(columns, [heads, 1, width]));
    const [before, now] = [slice(mixed, 0, 0, count - heads), slice(mixed, 0, count - heads)];
    return concat([before, multiply(now, read)], 0);
  };
  const hooks = new Map<string, ForwardHook>();
  for (let block = first; block <= last; block++) {
    hooks.set(block === 0 ? 'norm_pre' : `blocks.${block - 1}`, grow);
    hooks.set(`blocks.${block}.norm1`, shrink);
    hooks.set(`blocks.${block}.attn.v_norm`, grow);
    hooks.set(`blocks.${block}.attn.attn_drop`, knockOut);
    hooks.set(`blocks.${block}.attn.norm`, hide);
  }
  return hooks;
}

/** Ones on the diagonal of a square matrix, in any shape of as many elements. */
function eye(extent: number, shape: Shape): Tensor {
  const values = Float64Array.from({ length: extent ** 2 }, (_, i) => Number(i % (extent + 1) === 0));
  return constant(values, shape);
}

function firstOf(x: Tensor): Tensor {
  return slice(x, 0, 0, 1);
}

/**
 * Attention rollout of a batch that has grown on its way up: on its way down, below the block in which a pass began, its
 * attention is that of the model as it is.
 */
function rolloutOfAll(pass: Pass): Tensor {
  expectResiduals(pass);
  const { layers, layout, query, logits } = pass;
  const [count] = logits.shape;
  const tokens = query.shape[2];
  const row = layers.reduceRight(
    (v, { attention }) => {
      const matrix = fuseHeads(attention, 'mean');
      const [known] = matrix.shape;
      const through = throughNormalised(slice(v, 0, 0, known), matrix);
      if (known === count) return through;
      const later = reshape(slice(v, 0, known), [1, count - known, tokens]);
      const throughFirst = throughNormalised(later, firstOf(matrix));
      return concat([through, reshape(throughFirst, [count - known, 1, tokens])], 0);
    },
    expand(query, [count, 1, tokens]),
  );
  return patchMap(row, count, layout);
}

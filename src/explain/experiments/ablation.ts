import type { ModelSizes } from '../../geometry.js';
import { expectGiven, expectParts, listOf, oneOf, wholeNumber, type Expectation } from '../../given.js';
import type { ForwardHook } from '../../nn/index.js';
import {
  add,
  expand,
  input,
  mean,
  multiply,
  reshape,
  slice,
  subtract,
  Tensor,
  type Shape,
} from '../../tensor/index.js';
import { checkSizes } from '../method.js';
import type { Hooks } from './hooked.js';
import { partsOf, type Parts } from './parts.js';

/** What stands in for what was taken out: nothing, or its own mean over the tokens. */
export const standIns = ['zero', 'mean'] as const;
export type StandIn = (typeof standIns)[number];

/** Parts that are taken out of a model. */
export interface Ablation {
  /** Their places in the list of all: see `partsOf`. */
  readonly parts: readonly number[];
  readonly by: StandIn;
}

/** What is ablated as an input: one program knocks out any head, and each image of a batch loses other parts. */
export interface AblationInput {
  /** For `hooked`, around everything that applies the model. */
  readonly hooks: Hooks;
  /**
   * What a run is given.
   * @param ablations one for each image; undefined for the model as it is
   * @throws UsageError for a part that does not exist
   */
  readonly values: (ablations: readonly (Ablation | undefined)[]) => Record<string, Float32Array>;
}

const several = listOf('parts', wholeNumber(0));

/** Rows of the input: how much of a part is kept, and how much of its mean stands in for it. */
const [KEPT, MEAN, ROWS] = [0, 1, 2];

/**
 * Makes an input of what is ablated. With k of a part 1 and m 0, the part is as it is; with k 0, it is taken out:
 *
 * - a head: its attention becomes `k A + m mean over queries of A`, so that it attends to nothing, or each token to the same;
 *   what the projection takes of it is multiplied by k + m, so that nothing reads it either; where there is a norm before the
 *   projection, it is taken of what the other heads leave
 * - attention as a whole, and an MLP: `k y + m mean over tokens of y` of what it returns, biases included
 * - a patch, before it has a position: `k e + m mean over patches of e + (1 - k - m) b` of what the convolution with the bias b
 *   returns; at k = m = 0 that is a patch of zeros, the grey that pictures are normalised about
 *
 * @param name of the input, `[batch, 2, parts]`
 */
export function ablationInput(name: string, batch: number, sizes: ModelSizes): AblationInput {
  checkSizes(sizes);
  const parts = partsOf(sizes);
  const given = input(name, [batch, ROWS, parts.count]);
  const someParts: Expectation<readonly number[]> = {
    words: `parts from 0 to ${parts.count - 1}`,
    fits: (value): value is readonly number[] =>
      several.fits(value) && value.every((part) => part < parts.count),
  };
  return {
    hooks: hooksOf(given, sizes, parts),
    values(ablations) {
      const values = new Float32Array(batch * ROWS * parts.count);
      for (let image = 0; image < batch; image++) {
        const start = image * ROWS * parts.count;
        values.fill(1, start, start + parts.count);
        const ablation = ablations[image];
        if (ablation === undefined) continue;
        expectParts('The ablation', ablation, { by: oneOf(standIns) });
        expectGiven('The list of ablated parts', ablation.parts, someParts);
        for (const part of ablation.parts) {
          values[start + KEPT * parts.count + part] = 0;
          values[start + MEAN * parts.count + part] = Number(ablation.by === 'mean');
        }
      }
      return { [name]: values };
    },
  };
}

function hooksOf(given: Tensor, sizes: ModelSizes, parts: Parts): Hooks {
  const { depth, heads, headWidth, grid } = sizes;
  /** Both rows of some parts, for an output of which there may be several for each image. */
  const weights = (first: number, count: number, x: Tensor, shape: Shape): readonly [Tensor, Tensor] => {
    const of = (row: number): Tensor => {
      const own = slice(slice(given, 1, row, row + 1), 2, first, first + count); // [batch, 1, count]
      return reshape(repeated(own, x.shape[0]), [x.shape[0], ...shape]);
    };
    return [of(KEPT), of(MEAN)];
  };
  const branch =
    (part: number): ForwardHook =>
    (_module, _x, y) =>
      blended(y, 1, weights(part, 1, y, [1, 1]));
  const hooks = new Map<string, ForwardHook>();
  for (let block = 0; block < depth; block++) {
    hooks.set(`blocks.${block}.attn`, branch(parts.attention(block)));
    hooks.set(`blocks.${block}.mlp`, branch(parts.mlp(block)));
    if (sizes.withoutAttention) continue;
    const first = parts.head(block, 0);
    hooks.set(`blocks.${block}.attn.attn_drop`, (_module, _x, attention) =>
      blended(attention, 2, weights(first, heads, attention, [heads, 1, 1])),
    );
    hooks.set(`blocks.${block}.attn.norm`, (_module, _x, mixed) => {
      const [kept, standing] = weights(first, heads, mixed, [1, heads, 1]);
      const read = expand(add(kept, standing), [mixed.shape[0], 1, heads, headWidth]);
      return multiply(mixed, reshape(read, [mixed.shape[0], 1, heads * headWidth]));
    });
  }
  const patches = grid[0] * grid[1];
  hooks.set('patch_embed.proj', (module, _x, embedded) => {
    const [kept, standing] = weights(parts.patch(0, 0), patches, embedded, [patches, 1]);
    const own = blended(embedded, 1, [kept, standing]);
    if (!('bias' in module && module.bias instanceof Tensor)) return own;
    return add(own, multiply(module.bias, subtract(subtract(1, kept), standing)));
  });
  return hooks;
}

/** `k x + m mean of x`, the mean along an axis. */
function blended(x: Tensor, axis: number, [kept, standing]: readonly [Tensor, Tensor]): Tensor {
  return add(multiply(x, kept), multiply(mean(x, { axes: axis, keepDims: true }), standing));
}

/** Each image's row as often as there are outputs of it, side by side. `[batch, 1, count]` to `[outputs, 1, count]` */
function repeated(x: Tensor, outputs: number): Tensor {
  const [batch, , count] = x.shape;
  if (batch === outputs) return x;
  const each = outputs / batch;
  return reshape(expand(x, [batch, each, count]), [outputs, 1, count]);
}

import { max, mean, min, type Tensor } from '../tensor/index.js';

/** How the heads of a layer become one matrix. */
export type HeadFusion = 'mean' | 'max' | 'min';

export const headFusions: readonly HeadFusion[] = ['mean', 'max', 'min'];

/** `[batch, heads, tokens, tokens]` to `[batch, tokens, tokens]`. */
export function fuseHeads(attention: Tensor, fusion: HeadFusion): Tensor {
  return { mean, max, min }[fusion](attention, { axes: 1 });
}

import { max, mean, min, type Tensor } from '../tensor/index.js';

export const headFusions = ['mean', 'max', 'min'] as const;

/** How the heads of a layer become one matrix. */
export type HeadFusion = (typeof headFusions)[number];

/** `[batch, heads, tokens, tokens]` to `[batch, tokens, tokens]`. */
export function fuseHeads(attention: Tensor, fusion: HeadFusion): Tensor {
  return { mean, max, min }[fusion](attention, { axes: 1 });
}

import { concat, reshape, select, slice, type Tensor } from '../tensor/index.js';
import type { TokenGeometry } from '../geometry.js';
import { fuseHeads, type HeadFusion } from './heads.js';
import type { LayerRange } from './layers.js';
import type { Heads, PatchPosition } from './options.js';
import type { Pass } from './pass.js';

/*
 * Views have several maps, side by side along the second axis.
 */

/** One map for each row of tokens. `[batch, maps, tokens]` to `[batch, maps, gridRows, gridColumns]` */
export function mapsOfTokens(rows: Tensor, { prefixTokens, grid }: TokenGeometry): Tensor {
  const [batch, maps] = rows.shape;
  return reshape(slice(rows, 2, prefixTokens), [batch, maps, ...grid]);
}

/** Tensors `[batch, ...]` side by side along a new second axis: `[batch, maps, ...]`. */
export function sideBySide(tensors: readonly Tensor[]): Tensor {
  return concat(
    tensors.map((tensor) => {
      const [batch, ...rest] = tensor.shape;
      return reshape(tensor, [batch, 1, ...rest]);
    }),
    1,
  );
}

/** Whose heads are shown, and how. */
export interface HeadsOptions {
  readonly block: number;
  readonly heads: Heads;
  readonly headFusion: HeadFusion;
}

/** How heads are fused is no matter where they are not. */
export function concernsOfHeads<Name extends string>(
  { heads }: Pick<HeadsOptions, 'heads'>,
  ...others: readonly Name[]
): readonly (Name | keyof HeadsOptions)[] {
  return ['block', 'heads', ...(heads === 'fused' ? (['headFusion'] as const) : []), ...others];
}

/** Heads of something that has them as its second axis: fused, one, or all. */
export function headsOf(x: Tensor, { heads, headFusion }: Omit<HeadsOptions, 'block'>): Tensor {
  if (heads === 'all') return x;
  if (heads === 'fused') return sideBySide([fuseHeads(x, headFusion)]);
  return slice(x, 1, heads, heads + 1);
}

/** What each of these is of. */
export function captionsOfHeads({ layers }: Pass, { block, heads, headFusion }: HeadsOptions): string[] {
  if (heads === 'fused') return [`block ${block}, ${headFusion} of heads`];
  const count = layers[block].query.shape[1];
  const shown = heads === 'all' ? Array.from({ length: count }, (_, head) => head) : [heads];
  return shown.map((head) => `block ${block}, head ${head}`);
}

/** The same where one patch is looked at. */
export function captionsOfPatch(
  pass: Pass,
  options: HeadsOptions & { readonly patch: PatchPosition },
): string[] {
  return captionsOfHeads(pass, options).map((caption) => `${caption}, patch ${options.patch.join(',')}`);
}

/** A caption for each block of a range. */
export function captionsOfBlocks([first, last]: LayerRange): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `block ${first + i}`);
}

/** Row or column of a patch among those of all tokens. `[batch, heads, tokens, tokens]` to `[batch, heads, tokens]` */
export function ofPatch(
  matrix: Tensor,
  axis: 2 | 3,
  [row, column]: PatchPosition,
  { prefixTokens, grid }: TokenGeometry,
): Tensor {
  return select(matrix, axis, prefixTokens + row * grid[1] + column);
}

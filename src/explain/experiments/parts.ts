import type { ModelSizes } from '../../geometry.js';

/**
 * Where each part that can be ablated stands in the list of all: block by block its heads, its attention as a whole and its
 * MLP, and behind these the patches, row by row.
 */
export interface Parts {
  readonly count: number;
  readonly head: (block: number, head: number) => number;
  readonly attention: (block: number) => number;
  readonly mlp: (block: number) => number;
  readonly patch: (row: number, column: number) => number;
}

export function partsOf({
  depth,
  heads,
  grid: [rows, columns],
}: Pick<ModelSizes, 'depth' | 'heads' | 'grid'>): Parts {
  const ofBlock = heads + 2;
  return {
    count: depth * ofBlock + rows * columns,
    head: (block, head) => block * ofBlock + head,
    attention: (block) => block * ofBlock + heads,
    mlp: (block) => block * ofBlock + heads + 1,
    patch: (row, column) => depth * ofBlock + row * columns + column,
  };
}

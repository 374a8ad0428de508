/** How many patches lie below and beside each other. */
export type PatchGrid = readonly [rows: number, columns: number];

/**
 * How a vision transformer's tokens lie: what a map needs to know of the model that it explains. It always comes
 * from the model's configuration, never from the square root of the number of tokens.
 */
export interface TokenGeometry {
  /** Tokens before the patches: the class token, a distillation token, registers. */
  readonly prefixTokens: number;
  /** Patch tokens follow the prefix row by row. */
  readonly grid: PatchGrid;
}

/** How many of each of its parts a vision transformer has. */
export interface ModelSizes extends Pick<TokenGeometry, 'grid'> {
  /** Number of blocks. */
  readonly depth: number;
  /** Of the attention of each block. */
  readonly heads: number;
  /** Numbers that describe a query, a key or a value of one head. */
  readonly headWidth: number;
  /** Present if no token attends to another: there are no attention matrices, and so no heads to take out. */
  readonly withoutAttention?: true;
  /** Present if blocks do not add what enters them to what they make of it. */
  readonly withoutResiduals?: true;
}

/** Prefix and patches together. */
export function tokenCount({ prefixTokens, grid: [rows, columns] }: TokenGeometry): number {
  return prefixTokens + rows * columns;
}

import type { Storage } from './storage.js';

/** Functions of one element. */
export type UnaryFunction = 'negate' | 'relu' | 'exp' | 'log' | 'sqrt' | 'gelu';

/** Functions of two elements; the comparisons give 1 where they hold and 0 elsewhere. */
export type BinaryFunction =
  'add' | 'subtract' | 'multiply' | 'divide' | 'equal' | 'less' | 'greater' | 'geluGradient';

/** Functions that fold a set of elements into one. */
export type Reduction = 'sum' | 'mean' | 'max' | 'min';

/**
 * What a tensor is computed by. This union is the whole language: the compiler switches over it exhaustively,
 * so a new member does not compile until every place that must know it does.
 */
export type Operation =
  // Leaves
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly storage: Storage }
  // Views: no arithmetic, resolved into strides by the compiler
  | { readonly kind: 'reshape' }
  | { readonly kind: 'expand' }
  | { readonly kind: 'permute'; readonly axes: readonly number[] }
  | { readonly kind: 'slice'; readonly axis: number; readonly start: number }
  // Arithmetic
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'unary'; readonly function: UnaryFunction }
  | { readonly kind: 'binary'; readonly function: BinaryFunction }
  | { readonly kind: 'where' }
  | { readonly kind: 'reduce'; readonly function: Reduction; readonly axes: readonly number[] }
  | { readonly kind: 'softmax' }
  | { readonly kind: 'layerNorm'; readonly epsilon: number }
  | { readonly kind: 'matmul' }
  | { readonly kind: 'largestMask'; readonly discarded: number }
  // Gradients that have kernels of their own
  | { readonly kind: 'softmaxGradient' }
  | { readonly kind: 'layerNormGradient'; readonly epsilon: number };

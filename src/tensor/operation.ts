import type { Act } from './facts.js';
import { operations } from './operations.js';
import type { Storage } from './storage.js';

/** What an operation is called. */
export type Kind = keyof typeof operations;

/** The kinds that act in one of some ways. */
export type KindOf<A extends Act> = {
  [K in Kind]: (typeof operations)[K]['acts'] extends A ? K : never;
}[Kind];

/** Functions of one element, or of elements in the same place. */
export type ElementFunction = KindOf<'element'>;

/** Functions that fold a set of elements into one. */
export type Reduction = KindOf<'fold'>;

/** What a node knows beside its kind, for the kinds that need it. */
export interface OperationAttributes extends Readonly<
  Record<Reduction, { readonly axes: readonly number[] }>
> {
  readonly input: { readonly name: string };
  readonly constant: { readonly storage: Storage };
  readonly literal: { readonly value: number };
  readonly permute: { readonly axes: readonly number[] };
  readonly slice: { readonly axis: number; readonly start: number };
  readonly concat: { readonly axis: number };
  readonly layerNorm: { readonly epsilon: number };
  readonly layerNormGradient: { readonly epsilon: number };
  readonly largestMask: { readonly discarded: number };
}

/** The operation of a kind, or any of several kinds. */
export type OperationOf<K extends Kind> = {
  readonly [Each in K]: { readonly kind: Each } & (Each extends keyof OperationAttributes
    ? OperationAttributes[Each]
    : unknown);
}[K];

/** What a tensor is computed by. This union is the whole language, and `operations` is what it is made of. */
export type Operation = OperationOf<Kind>;

/** Whether an operation acts on elements in this way. */
export function actsAs<A extends Act>(operation: Operation, act: A): operation is OperationOf<KindOf<A>> {
  return operations[operation.kind].acts === act;
}

import type { Vjp } from './vjp.js';

/**
 * What is to be known of an operation, by how it acts on elements. Positions are those of sources. Facts stand beside
 * the operation's function; who reads them has a rule for each way of acting, and guesses nothing.
 */
export interface FactsByAct {
  /** Has no sources. */
  readonly leaf: unknown;
  /** Looks at the elements of its source in another way: no arithmetic, strides in a plan. */
  readonly view: unknown;
  /** Applies a function to each element; all sources have the shape of the result. */
  readonly element: {
    readonly zeros: ElementZeros;
    /** For each source the number that leaves the other as it is, as in `0 + x` and `x + 0`; null if there is none. */
    readonly neutral?: readonly [first: number | null, second: number | null];
  };
  /** Treats the last axis row by row. Sources are `[..., n]` like the result, or `[n]` and the same for every row. */
  readonly row: { readonly zeros: RowZeros };
  /** Makes one element of all those along some axes, which stay with extent 1. Of nothing but zeros it makes 0. */
  readonly fold: {
    /** Skipped if zeros may be left out, as in a sum; counted if they take part, as in a mean. */
    readonly zeros: 'skipped' | 'counted';
  };
  /** Lays its sources side by side. */
  readonly join: unknown;
  /** Multiplies matrices. */
  readonly product: unknown;
}

/** Where an operation by element is 0 for certain: where all, or any, of these sources are. */
export type ElementZeros =
  'nowhere' | { readonly all: readonly number[] } | { readonly any: readonly number[] };

/** Where an operation by row is 0 for certain: where any of these sources is, or the whole row of any of those. */
export type RowZeros = 'nowhere' | { readonly any: readonly number[]; readonly rows: readonly number[] };

export type Act = keyof FactsByAct;

export type Facts<A extends Act> = FactsByAct[A] & {
  readonly acts: A;
  /** How a gradient passes. */
  readonly vjp: Vjp;
};

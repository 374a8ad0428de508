import type { Tensor } from '../tensor/index.js';

/** Constants, and the tensors whose values they take at the end of each run. */
export type Updates = ReadonlyMap<Tensor, Tensor>;

/** What is to be computed. */
export interface Graph {
  /** In the order of the plan's inputs; all that the outputs and updates depend on, and perhaps more. */
  readonly inputs: readonly Tensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly updates: Updates;
}

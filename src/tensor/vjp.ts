import type { Kind, OperationOf } from './operation.js';
import type { Tensor } from './tensor.js';

/**
 * A vector-Jacobian product: how a gradient passes backwards through one operation. Given a node and the gradient
 * of the target with respect to it, it returns one function for each source, which builds the gradient with
 * respect to that source; null where nothing passes. They are functions so that only those that are wanted build
 * nodes.
 */
export type Vjp = (node: Tensor, gradient: Tensor) => readonly ((() => Tensor) | null)[];

/** The attributes of a node of a known kind. */
export function attributes<K extends Kind>({ operation }: Tensor, ...kinds: readonly K[]): OperationOf<K> {
  if (!kinds.some((kind) => kind === operation.kind))
    throw new TypeError(`Expected a node "${kinds.join('" or "')}", not "${operation.kind}".`);
  return operation as OperationOf<K>;
}

import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';

/**
 * A vector-Jacobian product: how a gradient passes backwards through one operation. Given a node and the gradient
 * of the target with respect to it, it returns one function for each source, which builds the gradient with
 * respect to that source; null where nothing passes. They are functions so that only those that are wanted build
 * nodes.
 */
export type Vjp = (node: Tensor, gradient: Tensor) => readonly ((() => Tensor) | null)[];

/** The attributes of a node of a known kind. */
export function attributes<Kind extends Operation['kind']>(
  node: Tensor,
  kind: Kind,
): Extract<Operation, { kind: Kind }> {
  if (node.operation.kind !== kind)
    throw new TypeError(`Expected a node "${kind}", not "${node.operation.kind}".`);
  return node.operation as Extract<Operation, { kind: Kind }>;
}

import type { Kind, OperationOf, Tensor } from '../../../tensor/index.js';
import { extents, type Box } from '../box.js';
import type { Nodes } from '../nodes.js';

/** A node of known kinds. */
export type NodeOf<K extends Kind> = Tensor & { readonly operation: OperationOf<K> };

/** What an operation makes of boxes of elements. */
export interface BoxRules<K extends Kind = Kind> {
  /**
   * A box outside which a node is 0; null if it is 0 everywhere. All zeros stem from those that fill up a
   * concatenation, as around the gradient of a slice: a 0 written into a formula may be meant to show where its other
   * operand is NaN. Filler times anything is taken to be 0: where IEEE arithmetic would make NaN of a row of zeros and an
   * infinite or NaN weight, 0 stays.
   * @param supports the same of its sources
   */
  support(node: NodeOf<K>, supports: readonly (Box | null)[]): Box | null;
  /** The smallest box around the given one that the operation can compute for itself. */
  computable(node: NodeOf<K>, box: Box): Box;
  /**
   * What a node needs of each source to compute a box of itself; null where it needs nothing.
   * @param supports of the sources
   */
  demands(node: NodeOf<K>, box: Box, supports: readonly (Box | null)[]): (Box | null)[];
  /**
   * A node that computes a box of another.
   * @param demands what was asked for
   * @param sources these boxes of the sources
   */
  build(
    node: NodeOf<K>,
    box: Box,
    demands: readonly (Box | null)[],
    sources: readonly (Tensor | null)[],
    nodes: Nodes,
  ): Tensor;
}

/** Of operations that can compute any box of themselves. */
export function anyBox(_: Tensor, box: Box): Box {
  return box;
}

/** Where what was asked for leads to the box by the operation itself. */
export const buildSame: BoxRules['build'] = (node, box, _, sources, nodes) =>
  nodes.make(node.operation, present(sources), extents(box));

export function present(sources: readonly (Tensor | null)[]): Tensor[] {
  return sources.filter((source) => source !== null);
}

import type { Tensor } from '../tensor/index.js';

/**
 * How many times each node is used: as a source, or as a root.
 * @param order every node that the roots depend on
 */
export function countUses(order: readonly Tensor[], roots: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const use = (node: Tensor): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const { sources } of order) sources.forEach(use);
  roots.forEach(use);
  return uses;
}

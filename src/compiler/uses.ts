import type { Tensor } from '../tensor/index.js';

/**
 * How many times each node is used: as a source, or as a root.
 * @param order every node that the roots depend on
 */
export function countUses(order: readonly Tensor[], roots: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const use = (node: Tensor): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  // By index: this goes over every edge of a graph before anything of it is compiled.
  for (const { sources } of order) for (let i = 0; i < sources.length; i++) use(sources[i]);
  roots.forEach(use);
  return uses;
}

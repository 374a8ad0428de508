import { topologicalOrder, type Tensor } from '../tensor/index.js';
import { Nodes } from './rewrites/nodes.js';
import { computeRegions } from './rewrites/regions.js';
import { simplify } from './rewrites/simplify.js';

/**
 * A graph that computes the same with less work.
 * @param scalesProducts whether the backend multiplies a product by a factor at no cost
 * @param labels of nodes; each new node gets that of the node whose place it takes
 * @param order every node that the roots depend on, sources first, if it is known
 * @returns the new node of each root, equal in value; nodes in which nothing changed are the old ones
 */
export function rewrite(
  roots: readonly Tensor[],
  scalesProducts: boolean,
  labels = new Map<Tensor, string>(),
  order: readonly Tensor[] = topologicalOrder(roots),
): Map<Tensor, Tensor> {
  const nodes = new Nodes(labels);
  const simplified = simplify(order, roots, scalesProducts, nodes);
  const simpleRoots = roots.map((root) => simplified.get(root)!);
  const computed = computeRegions(topologicalOrder(simpleRoots), simpleRoots, nodes);
  return new Map(roots.map((root) => [root, computed.get(simplified.get(root)!)!]));
}

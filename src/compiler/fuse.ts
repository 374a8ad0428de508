import type { OperationOf, Tensor } from '../tensor/index.js';
import { fuseFolds, type FusedFold } from './fused-fold.js';
import { otherSource, ProductChain, type FusedProduct } from './fused-product.js';
import type { Fusion } from './plan.js';
import { countUses } from './uses.js';

/** The gradient of a layer norm together with what is added to it: its sources, and the residual. */
export interface FusedNormGradient {
  readonly operation: OperationOf<'layerNormGradient'>;
  readonly sources: readonly Tensor[];
}

/** Several nodes that one step computes. */
export type Fused = FusedProduct | FusedNormGradient | FusedFold;

/**
 * Finds products whose results are used only once, by an operation that the product can do before it stores them.
 * A chain of such operations becomes one step, in the place of its last node; what is an output is used outside and
 * ends a chain. The gradient of a layer norm takes in what is added to it: where a block's input splits, its gradients meet.
 * A fold takes in the functions that make what it folds.
 * @param order every node that the roots depend on, sources first
 * @returns what is fused, by the last node that it computes
 */
export function fuse(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  fusions: ReadonlySet<Fusion>,
): Map<Tensor, Fused> {
  const fused = new Map<Tensor, Fused>();
  if (fusions.size === 0) return fused;
  const consumers = soleConsumers(order, roots);
  // A sum of two products can be taken in by one of them only.
  const taken = new Set<Tensor>();
  for (const node of order) {
    const { operation, sources } = node;
    if (operation.kind === 'layerNormGradient' && fusions.has('residual')) {
      const sum = consumers.get(node);
      if (!sum || taken.has(sum) || sum.operation.kind !== 'add') continue;
      taken.add(sum);
      fused.set(sum, { operation, sources: [...sources, otherSource(sum, node)] });
    }
    if (operation.kind !== 'matmul') continue;
    const chain = new ProductChain(node, fusions);
    for (let next = consumers.get(node); next && !taken.has(next); next = consumers.get(next)) {
      if (!chain.extend(next)) break;
      taken.add(next);
    }
    if (chain.end !== node) fused.set(chain.end, chain.finish());
  }
  if (!fusions.has('made')) return fused;
  return new Map([...fused, ...fuseFolds(order, roots, taken)]);
}

/** The nodes that are left when others have taken in what follows them. */
export function neededNodes(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  fused: ReadonlyMap<Tensor, Fused>,
): Set<Tensor> {
  const needed = new Set(roots);
  for (const node of order.toReversed()) {
    if (!needed.has(node)) continue;
    for (const source of (fused.get(node) ?? node).sources) needed.add(source);
  }
  return needed;
}

/** The consumer of each node that is used exactly once, and not as a root. */
function soleConsumers(order: readonly Tensor[], roots: readonly Tensor[]): Map<Tensor, Tensor> {
  const uses = countUses(order, roots);
  const consumers = new Map<Tensor, Tensor>();
  for (const node of order) {
    for (const source of node.sources) {
      if (uses.get(source) === 1) consumers.set(source, node);
    }
  }
  return consumers;
}

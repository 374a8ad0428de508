import { actsAs, type OperationOf, type Reduction, type Tensor } from '../tensor/index.js';
import type { Made } from './plan.js';

/** A fold together with the functions that make what it folds. */
export interface FusedFold {
  readonly fold: OperationOf<Reduction>;
  readonly made: Made;
  /** Of the first of the functions. */
  readonly sources: readonly Tensor[];
}

/**
 * Folds of what cheap functions make, where it is wanted for nothing else: the mean over heads of the attention times
 * its gradient, rectified, reads two tensors and stores none between. Several folds may each make the same for themselves.
 * @param order every node that the roots depend on, sources first
 * @param taken nodes that other steps compute already
 * @returns what is fused, by the fold
 */
export function fuseFolds(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  taken: ReadonlySet<Tensor>,
): Map<Tensor, FusedFold> {
  const inside = elementsOfFolds(order, roots, taken);
  const fused = new Map<Tensor, FusedFold>();
  for (const node of order) {
    const [last] = node.sources;
    if (!actsAs(node.operation, 'fold') || !inside.has(last)) continue;
    const [first] = last.sources;
    const both = last.operation.kind === 'relu' && inside.has(first);
    fused.set(node, {
      fold: node.operation,
      made: both ? 'multiplyRelu' : (last.operation.kind as Made),
      sources: (both ? first : last).sources,
    });
  }
  return fused;
}

/** Products and rectified numbers, and products that are rectified, which nothing but folds read. */
function elementsOfFolds(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  taken: ReadonlySet<Tensor>,
): ReadonlySet<Tensor> {
  const inside = new Set<Tensor>();
  /** What must be stored, because something reads it that does not make it for itself. */
  const stored = new Set([...roots, ...taken]);
  for (const node of order.toReversed()) {
    const { kind } = node.operation;
    if ((kind === 'multiply' || kind === 'relu') && !stored.has(node)) inside.add(node);
    for (const source of node.sources) {
      const wanted = source.operation.kind;
      const makes =
        (actsAs(node.operation, 'fold') && (wanted === 'multiply' || wanted === 'relu')) ||
        (inside.has(node) && kind === 'relu' && wanted === 'multiply');
      if (!makes) stored.add(source);
    }
  }
  return inside;
}

import { actsAs, expand, Tensor, topologicalOrder, type Operation, type Shape } from '../tensor/index.js';
import { buildPlan, rootsOf } from './build-plan.js';
import type { Planner } from './plan.js';

/**
 * What `buildPlan` gives; but where a graph does the same for each image of a batch, and the backend can go through a plan in rounds,
 * the plan of one image. What that takes stays in a core's caches, and cores need not wait for each other at every step.
 */
export const planInRounds: Planner = (outputs, updates, fusions) => {
  const roots = rootsOf(outputs, updates);
  const order = fusions.has('rounds') && updates.size === 0 ? topologicalOrder(roots) : [];
  const rounds = countOf(order, roots);
  const parts = rounds > 1 ? partsOf(order, rounds) : undefined;
  if (!parts || !roots.every((root) => parts.has(root))) return buildPlan(outputs, updates, fusions);
  const own = Object.entries(outputs).map(([name, tensor]) => [name, parts.get(tensor)!]);
  const plan = buildPlan(Object.fromEntries(own) as typeof outputs, updates, fusions);
  const whole = <Of extends { readonly shape: Shape }>(of: Of): Of => ({
    ...of,
    shape: of.shape.with(0, rounds * of.shape[0]),
  });
  return { ...plan, rounds, inputs: plan.inputs.map(whole), outputs: plan.outputs.map(whole) };
};

/** How many images a graph is for: the extent of the first axis of all inputs and outputs; 1 if it is none of a batch. */
function countOf(order: readonly Tensor[], outputs: readonly Tensor[]): number {
  const inputs = order.filter(({ operation }) => operation.kind === 'input');
  const [count = 1, ...others] = new Set([...inputs, ...outputs].map(({ shape }) => shape.at(0)));
  return others.length === 0 ? count : 1;
}

/** Elements of the largest tensor of an image from which it is worth a run of all steps: less is calls more than arithmetic. */
const worthwhile = 8192;

/**
 * Of each node that depends on an input, what it is of one image.
 * @param order every node, sources first
 * @returns undefined if something crosses the batch, or one image is little work
 */
function partsOf(order: readonly Tensor[], count: number): ReadonlyMap<Tensor, Tensor> | undefined {
  const parts = new Map<Tensor, Tensor>();
  for (const node of order) {
    if (node.operation.kind !== 'input' && !node.sources.some((source) => parts.has(source))) continue;
    const part = partOf(node, count, parts);
    if (!part) return undefined;
    parts.set(node, part);
  }
  return [...parts.values()].some(({ size }) => size >= worthwhile) ? parts : undefined;
}

/** The first of as many parts of a node along its first axis, made of those of its sources; undefined if it needs more of them. */
function partOf(node: Tensor, count: number, parts: ReadonlyMap<Tensor, Tensor>): Tensor | undefined {
  const { operation, sources, shape } = node;
  if (shape.length === 0 || shape[0] % count !== 0 || !staysApart(node, parts)) return undefined;
  const own = sources.map((source) => parts.get(source) ?? sharedPart(source, node, count));
  if (!own.every((source) => source !== undefined)) return undefined;
  return new Tensor(operation, own, [shape[0] / count, ...shape.slice(1)]);
}

/** Whether each part of the result depends on the same part of those sources alone that have parts. */
function staysApart(
  { operation, sources, rank, shape }: Tensor,
  parts: ReadonlyMap<Tensor, Tensor>,
): boolean {
  switch (operation.kind) {
    case 'expand':
      return sources[0].rank === rank && sources[0].shape[0] === shape[0];
    case 'permute':
      return operation.axes[0] === 0;
    case 'slice':
    case 'concat':
      return operation.axis !== 0;
    case 'matmul': {
      const [a, b, bias] = sources as readonly (Tensor | undefined)[];
      // Of matrices without a batch the rows of the first alone are rows of the result.
      return !(rank === 2 && parts.has(b!)) && !(bias && parts.has(bias)) && a!.rank === rank;
    }
  }
  // A fold over the batch leaves an extent of 1, which has no parts. Rows are along the last axis; their weights and biases have no other.
  return (
    !actsAs(operation, 'row') ||
    (rank > 1 && sources.every((source) => source.rank === rank || !parts.has(source)))
  );
}

/** Of a source that is the same in all rounds, what one takes: all of it, or, where it repeats itself along the first axis, less. */
function sharedPart(source: Tensor, { operation, rank, shape }: Tensor, count: number): Tensor | undefined {
  if (isWhole(source, operation, rank)) return source;
  if (source.operation.kind !== 'expand') return undefined;
  const [repeated] = source.sources;
  const repeats = repeated.rank < source.rank || repeated.shape[0] === 1;
  return repeats ? expand(repeated, [shape[0] / count, ...source.shape.slice(1)]) : undefined;
}

/** Whether every part of the result reads all of a source: a matrix or a vector of a product or of rows. */
function isWhole(source: Tensor, operation: Operation, rank: number): boolean {
  if (operation.kind === 'matmul') return rank === 2 || source.rank < rank;
  return actsAs(operation, 'row') && source.rank < rank;
}

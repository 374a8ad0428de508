import { actsAs, expand, Tensor, type Operation } from '../tensor/index.js';

/** A graph for a batch, as that of one image of it. */
export interface Rounds {
  /** How many images there are. */
  readonly count: number;
  /** Of each node that depends on an input, what it is of one image; others have the same part in each. */
  readonly parts: ReadonlyMap<Tensor, Tensor>;
}

/** Elements of the largest tensor of an image from which it is worth a run of all steps: less is calls more than arithmetic. */
const worthwhile = 8192;

/**
 * The graph of one image, where that of a batch does the same for each: the first axis of all inputs and outputs is the batch, and
 * nothing crosses it. What one image takes then stays in a core's caches, and cores need not wait for each other at every step.
 * @param order every node, sources first
 * @param outputs of the graph
 */
export function roundsOf(order: readonly Tensor[], outputs: readonly Tensor[]): Rounds | undefined {
  const ends = [...order.filter(({ operation }) => operation.kind === 'input'), ...outputs];
  const count = ends.at(0)?.shape.at(0) ?? 1;
  if (count === 1 || ends.some(({ shape }) => shape[0] !== count)) return undefined;
  const parts = new Map<Tensor, Tensor>();
  for (const node of order) {
    if (node.operation.kind !== 'input' && !node.sources.some((source) => parts.has(source))) continue;
    const part = partOf(node, count, parts);
    if (!part) return undefined;
    parts.set(node, part);
  }
  if (outputs.some((output) => !parts.has(output))) return undefined;
  const isLarge = [...parts.values()].some(({ size }) => size >= worthwhile);
  return isLarge ? { count, parts } : undefined;
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
  if (actsAs(operation, 'fold')) return !operation.axes.includes(0);
  // Rows are along the last axis; their weights and biases have no other.
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

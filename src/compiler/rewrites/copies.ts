import { actsAs, sizeOf, type Tensor } from '../../tensor/index.js';
import type { Nodes } from './nodes.js';

/*
 * What is repeated is worked out once and repeated then.
 */

/**
 * An element-wise operation whose operands are all copies is done before they are copied.
 * @param sources of the node, rewritten
 */
export function repeatedElements(
  { operation, shape }: Tensor,
  sources: readonly Tensor[],
  nodes: Nodes,
): Tensor | undefined {
  if (!actsAs(operation, 'element') || !sources.every((source) => source.operation.kind === 'expand')) {
    return undefined;
  }
  const originals = sources.map((source) => source.sources[0]);
  const extentOf = (x: Tensor, axis: number): number => {
    const own = axis - (shape.length - x.rank);
    return own < 0 ? 1 : x.shape[own];
  };
  const few = shape.map((_, axis) => Math.max(...originals.map((x) => extentOf(x, axis))));
  if (sizeOf(few) >= sizeOf(shape)) return undefined;
  const operands = originals.map((x) => nodes.expand(x, few));
  return nodes.expand(nodes.make(operation, operands, few), shape);
}

/**
 * Of rows that are copies of fewer, `expand(x) b`, each is multiplied once: `expand(x b)`. So it is where a gradient comes out of a
 * mean over tokens, the same for each.
 * @param sources of the product `node`, rewritten
 * @returns undefined if the rows are no copies
 */
export function repeatedRows(
  { operation, shape }: Tensor,
  sources: readonly Tensor[],
  nodes: Nodes,
): Tensor | undefined {
  if (operation.kind !== 'matmul' || shape.length !== 2) return undefined;
  const [a, ...others] = sources;
  const whole = a.operation.kind === 'reshape' ? a.sources[0] : a;
  if (whole.operation.kind !== 'expand') return undefined;
  const [x] = whole.sources;
  const [columns, rows] = [x.shape.at(-1), sizeOf(x.shape) / a.shape[1]];
  // Not where columns are copies too, nor where the reshape cuts rows or joins them.
  // Without columns there is no number of rows.
  if (columns !== a.shape[1] || whole.shape.at(-1) !== columns || !(rows < a.shape[0])) return undefined;
  const product = nodes.make(operation, [nodes.reshape(x, [rows, columns]), ...others], [rows, shape[1]]);
  const apart = nodes.reshape(product, [...x.shape.slice(0, -1), shape[1]]);
  return nodes.reshape(nodes.expand(apart, [...whole.shape.slice(0, -1), shape[1]]), shape);
}

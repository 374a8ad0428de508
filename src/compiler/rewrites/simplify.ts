import { actsAs, operations, sizeOf, type Tensor } from '../../tensor/index.js';
import { countUses } from '../uses.js';
import type { Range } from './box.js';
import { isLiteral } from './literals.js';
import type { Nodes } from './nodes.js';
import { isFiller } from './rules/concat.js';
import { repeatedElements, repeatedRows } from './copies.js';
import { scaleLater } from './scale-later.js';

/**
 * Brings a graph into the form that the other rewrites and the fusion look for. Of nodes that compute the same one is
 * left.
 * @param order every node that the roots depend on, sources first
 * @param scalesProducts whether a factor of a product costs nothing: then factors of its operands become its own
 * @returns the new node of each
 */
export function simplify(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  scalesProducts: boolean,
  nodes: Nodes,
): Map<Tensor, Tensor> {
  const uses = countUses(order, roots);
  const results = new Map<Tensor, Tensor>();
  for (const node of order) {
    nodes.replace(node);
    const sources = node.sources.map((source) => results.get(source)!);
    const rewritten =
      (uses.get(node.sources[0]) === 1 ? unflatten(node, sources[0], nodes) : undefined) ??
      simpler(node, sources, nodes) ??
      distribute(node, sources, uses, nodes) ??
      // First: a factor of the few rows costs less there than behind the product.
      repeatedRows(node, sources, nodes) ??
      (scalesProducts ? scaleLater(node, sources, nodes) : undefined) ??
      repeatedElements(node, sources, nodes);
    const same = sources.every((source, position) => source === node.sources[position]);
    results.set(
      node,
      rewritten ?? (same ? nodes.keep(node) : nodes.make(node.operation, sources, node.shape)),
    );
  }
  return results;
}

/** `x + 0`, `x - 0`, `x * 1` and `x / 1` are x; a reshape of a reshape is one; what is folded over axes of 1 is a reshape. */
function simpler({ operation, shape }: Tensor, sources: readonly Tensor[], nodes: Nodes): Tensor | undefined {
  if (operation.kind === 'reshape') {
    return sources[0].operation.kind === 'reshape' ? nodes.reshape(sources[0], shape) : undefined;
  }
  const facts = operations[operation.kind];
  if (facts.acts === 'fold' && sizeOf(shape) === sizeOf(sources[0].shape))
    return nodes.reshape(sources[0], shape);
  if (facts.acts !== 'element' || !facts.neutral) return undefined;
  const { neutral } = facts;
  const isNeutral = (position: 0 | 1): boolean => {
    const number = neutral[position];
    return number !== null && isLiteral(sources[position], number);
  };
  return isNeutral(1) ? sources[0] : isNeutral(0) ? sources[1] : undefined;
}

/**
 * `matmul` makes one large product of a batch of rows and one matrix, `[batch * m, k]` by `[k, n]`, and reshapes it
 * to `[batch, m, n]`. Undone here: a slice of m is a range of rows in each product of a batch, but in one large
 * product it would be many. Where all rows are wanted, lowering joins them again.
 */
function unflatten({ operation, shape }: Tensor, product: Tensor, nodes: Nodes): Tensor | undefined {
  if (operation.kind !== 'reshape' || product.operation.kind !== 'matmul' || product.rank !== 2)
    return undefined;
  const [a, b, ...bias] = product.sources;
  if (shape.length < 3 || shape.at(-1) !== product.shape[1] || sizeOf(shape) === 0) return undefined;
  const batch = shape.slice(0, -2);
  const rows = nodes.reshape(a, [...shape.slice(0, -1), a.shape[1]]);
  return nodes.make(product.operation, [rows, nodes.expand(b, [...batch, ...b.shape]), ...bias], shape);
}

/**
 * An element-wise operation of one or two operands, on a concatenation that nothing else uses is done on each part instead: parts that were
 * copied into the whole are now computed there. Only the first such operation, so that a chain of them does not become
 * one for each part.
 * @param sources of the node, rewritten
 * @param uses of the nodes that are not yet rewritten
 */
function distribute(
  node: Tensor,
  sources: readonly Tensor[],
  uses: ReadonlyMap<Tensor, number>,
  nodes: Nodes,
): Tensor | undefined {
  const { operation, shape } = node;
  if (!actsAs(operation, 'element') || sources.length > 2) return undefined;
  const whole = sources.find((source, position) => {
    const before = node.sources[position];
    return source.operation.kind === 'concat' && before.operation.kind === 'concat' && uses.get(before) === 1;
  });
  if (whole?.operation.kind !== 'concat') return undefined;
  const { axis } = whole.operation;
  // Zeros beside a part, as in the gradient of a slice, are dealt with better when they stay together.
  if (whole.sources.some(isFiller)) return undefined;
  let start = 0;
  const parts = whole.sources.map((part) => {
    const end = start + part.shape[axis];
    const range = shape.map((extent, other): Range => (other === axis ? [start, end] : [0, extent]));
    start = end;
    const operands = sources.map((source) => (source === whole ? part : nodes.cut(source, range)));
    return nodes.make(operation, operands, part.shape);
  });
  return nodes.concat(parts, axis);
}
